#include "policy/learn/html.h"

#include <algorithm>

#include "policy/base/text.h"

namespace policy::learn {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view trim_blanks(std::string_view text) {
    const auto begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string replace_all(std::string text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

std::string without_references(std::string_view text) {
    auto plain = replace_all(std::string(text), "&quot;", "\"");
    plain = replace_all(std::move(plain), "&lt;", "<");
    plain = replace_all(std::move(plain), "&gt;", ">");
    plain = replace_all(std::move(plain), "&#39;", "'");
    return replace_all(std::move(plain), "&amp;", "&");
}

// The value in front of `rest`, quoted or not; takes it off.
std::string_view take_value(std::string_view& rest) {
    const bool is_quoted = !rest.empty() && (rest.front() == '"' || rest.front() == '\'');
    const std::string_view ends = is_quoted ? rest.substr(0, 1) : std::string_view(" \t\r\n>");
    if (is_quoted) rest.remove_prefix(1);
    const auto value = rest.substr(0, rest.find_first_of(ends));
    rest.remove_prefix(std::min(rest.size(), value.size() + (is_quoted ? 1 : 0)));
    return value;
}

std::vector<NameValue> read_attributes(std::string_view rest) {
    std::vector<NameValue> attributes;
    for (rest = trim_blanks(rest); !rest.empty(); rest = trim_blanks(rest)) {
        const auto name = rest.substr(0, rest.find_first_of(" \t\r\n=/>", 1));
        rest.remove_prefix(name.size());
        rest = trim_blanks(rest);
        std::string_view value;
        if (rest.starts_with('=')) {
            rest = trim_blanks(rest.substr(1));
            value = take_value(rest);
        }
        attributes.push_back({ascii_lower(name), without_references(value)});
    }
    return attributes;
}

// Behind the `>` that ends the tag; one within quotes does not.
std::size_t end_of_tag(std::string_view html, std::size_t at) {
    char quote = 0;
    for (; at < html.size(); ++at) {
        const char c = html[at];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return at + 1;
        }
    }
    return html.size();
}

std::size_t find_behind(std::string_view html, std::string_view what, std::size_t from) {
    const auto at = html.find(what, from);
    return at == std::string_view::npos ? html.size() : at + what.size();
}

// Calls `take_text` and `take_tag` in the order of the page.
template <class TakeText, class TakeTag>
void walk(std::string_view html, TakeText take_text, TakeTag take_tag) {
    std::size_t at = 0;
    while (at < html.size()) {
        const auto open = std::min(html.find('<', at), html.size());
        if (open > at) take_text(html.substr(at, open - at));
        if (open == html.size()) return;
        const bool is_comment = html.substr(open).starts_with("<!--");
        at = is_comment ? find_behind(html, "-->", open) : end_of_tag(html, open);
        if (is_comment) continue;
        const auto tag = html.substr(open, at - open);
        const auto name = ascii_lower(tag.substr(1, tag.find_first_of(" \t\r\n/>", 1) - 1));
        if (!name.empty() && name != "!doctype") take_tag(name, tag);
        if (name == "script" || name == "style")
            at = std::min(html.find("</" + name, at), html.size());
    }
}

}  // namespace

std::vector<Tag> tags_of(std::string_view html) {
    std::vector<Tag> tags;
    walk(
        html, [](std::string_view) {},
        [&](const std::string& name, std::string_view text) {
            auto inside = text.substr(1 + name.size());
            if (inside.ends_with('>')) inside.remove_suffix(1);
            if (inside.ends_with('/')) inside.remove_suffix(1);
            tags.push_back({name, read_attributes(inside), text});
        });
    return tags;
}

std::vector<Input> inputs_of(std::string_view html) {
    std::vector<Input> inputs;
    for (const auto& tag : tags_of(html)) {
        if (tag.name != "input") continue;
        Input input;
        for (const auto& [name, value] : tag.attributes) {
            if (name == "name") input.name = value;
            if (name == "type") input.type = ascii_lower(value);
            if (name == "value") input.value = value;
            if (name == "autocomplete") input.autocomplete = ascii_lower(value);
        }
        if (input.type.empty()) input.type = "text";
        inputs.push_back(std::move(input));
    }
    return inputs;
}

std::vector<std::string_view> texts_of(std::string_view html) {
    std::vector<std::string_view> texts;
    walk(
        html,
        [&](std::string_view text) {
            while (!text.empty()) {
                const auto line = trim_blanks(text.substr(0, text.find('\n')));
                if (!line.empty()) texts.push_back(line);
                const auto end = text.find('\n');
                text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
            }
        },
        [](const std::string&, std::string_view) {});
    return texts;
}

}  // namespace policy::learn
