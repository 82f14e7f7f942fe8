#include "policy/http/media_type.h"

#include <algorithm>
#include <utility>

#include "policy/base/text.h"

namespace policy {

namespace {

constexpr auto kNone = std::string_view::npos;

bool is_plain(std::string_view quoted) {
    return std::none_of(quoted.begin(), quoted.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '\x7f' || c == '\\';
    });
}

// Takes `token` or `"text"` off the front of `rest`.
std::optional<std::string> take_value(std::string_view& rest) {
    const bool is_quoted = rest.starts_with('"');
    if (is_quoted) rest.remove_prefix(1);
    const auto end = rest.find(is_quoted ? '"' : ';');
    if (is_quoted && end == kNone) return std::nullopt;
    auto value = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), value.size() + (is_quoted ? 1 : 0)));
    if (!is_quoted) value = trim(value);
    if (is_quoted ? !is_plain(value) : !is_token(value)) return std::nullopt;
    return std::string(value);
}

// Takes `name=value` off the front of `rest`.
std::optional<MediaType::Parameter> take_parameter(std::string_view& rest) {
    const auto equals = rest.find('=');
    const auto name = rest.substr(0, equals);
    if (equals == kNone || !is_token(name) || name.find('*') != kNone) return std::nullopt;
    rest.remove_prefix(equals + 1);
    auto value = take_value(rest);
    if (!value) return std::nullopt;
    return MediaType::Parameter{ascii_lower(name), std::move(*value)};
}

bool is_type(std::string_view name) {
    const auto slash = name.find('/');
    return slash != kNone && is_token(name.substr(0, slash)) && is_token(name.substr(slash + 1));
}

}  // namespace

const std::string* MediaType::parameter(std::string_view lower_name) const {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const auto& each) { return each.name == lower_name; });
    return found == parameters.end() ? nullptr : &found->value;
}

bool MediaType::is_utf8() const {
    const auto* charset = parameter("charset");
    return !charset || equals_ignoring_case(*charset, "utf-8");
}

std::optional<MediaType> parse_media_type(std::string_view text) {
    const auto name = trim(text.substr(0, text.find(';')));
    if (!is_type(name)) return std::nullopt;
    MediaType type{ascii_lower(name), {}};
    auto rest = text.substr(std::min(text.find(';'), text.size()));
    while (!(rest = trim(rest)).empty()) {
        if (rest.front() != ';') return std::nullopt;
        rest = trim(rest.substr(1));
        if (rest.empty() || rest.front() == ';') continue;
        auto parameter = take_parameter(rest);
        if (!parameter || type.parameter(parameter->name)) return std::nullopt;
        type.parameters.push_back(std::move(*parameter));
    }
    return type;
}

}  // namespace policy
