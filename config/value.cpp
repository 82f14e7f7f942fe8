#include "config/value.h"

#include <algorithm>

#include "config/nearest.h"
#include "config/units.h"
#include "policy/base/text.h"

namespace config {

namespace {

std::string_view description(Node::Kind kind) {
    if (kind == Node::Kind::Map) return "a mapping (`key: value`)";
    if (kind == Node::Kind::List) return "a list";
    return "a single value";
}

std::string description(Range<std::uint64_t> range) {
    if (range.least == range.most) return std::to_string(range.least);
    return "a whole number from " + std::to_string(range.least) + " to " +
           std::to_string(range.most);
}

// Keys of the operator's choice can hold anything.
std::string path_part(const std::string& key) {
    const auto is_word = [](char c) { return policy::is_token_char(c) && c != '.'; };
    const bool is_plain = !key.empty() && std::all_of(key.begin(), key.end(), is_word);
    return is_plain ? key : in_quotes(key);
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<std::uint8_t>(c) < 0x20 || c == '\x7f'; });
}

const Key* row_of(const Node& node, const std::vector<Key>& keys) {
    const auto row = std::find_if(keys.begin(), keys.end(),
                                  [&node](const Key& key) { return key.name == node.key; });
    return row == keys.end() ? nullptr : &*row;
}

}  // namespace

Value::Value(const Node& node, Place place, Report& report)
    : node_(&node), place_(std::move(place)), report_(&report) {}

bool Value::is_word(std::string_view word) const {
    return node_->kind == Node::Kind::Text && node_->text == word;
}

bool Value::is_glob() const {
    return node_->kind == Node::Kind::Text && node_->text.find('*') != std::string::npos;
}

std::optional<Value> Value::find(std::string_view key) const {
    if (!is_map()) return std::nullopt;
    for (const auto& node : node_->children) {
        if (node.key == key) return child(node);
    }
    return std::nullopt;
}

Place Value::place_of(std::string_view key) const {
    const auto found = find(key);
    return found ? found->place() : place_;
}

void Value::complain(std::string_view sentence) const {
    report_->add(place_, sentence);
}

void Value::read_keys(const std::vector<Key>& keys) const {
    if (!expect(Node::Kind::Map)) return;
    for (const auto& node : node_->children) {
        if (const auto* row = row_of(node, keys)) {
            row->read(child(node));
        } else {
            complain_about_unknown(node, keys);
        }
    }
    for (const auto& key : keys) {
        if (key.need == Need::Optional || find(key.name)) continue;
        complain("needs the key `" + std::string(key.name) + "`");
    }
}

void Value::each_entry(const std::function<void(const Value&)>& read) const {
    if (!expect(Node::Kind::Map)) return;
    for (const auto& node : node_->children) read(child(node));
}

void Value::each_item(const std::function<void(const Value&)>& read) const {
    if (!expect(Node::Kind::List)) return;
    for (std::size_t i = 0; i < node_->children.size(); ++i) {
        const auto& node = node_->children[i];
        read(Value(node, {node.mark, place_.path + "[" + std::to_string(i) + "]"}, *report_));
    }
}

std::optional<std::string> Value::text() const {
    if (!expect(Node::Kind::Text)) return std::nullopt;
    if (node_->text.empty()) {
        complain("is empty");
        return std::nullopt;
    }
    if (has_control(node_->text)) {
        complain("holds a control character");
        return std::nullopt;
    }
    return node_->text;
}

std::optional<bool> Value::flag() const {
    if (!expect(Node::Kind::Text)) return std::nullopt;
    if (!node_->is_quoted && node_->text == "true") return true;
    if (!node_->is_quoted && node_->text == "false") return false;
    complain("must be true or false, without quotation marks");
    return std::nullopt;
}

std::optional<std::uint64_t> Value::count(Range<std::uint64_t> range) const {
    if (!expect(Node::Kind::Text)) return std::nullopt;
    const auto& text = node_->text;
    // Some read `010` as eight.
    const bool is_octal = text.size() > 1 && text.starts_with('0');
    const auto number = policy::parse_decimal(text);
    if (!number || is_octal || node_->is_quoted || *number < range.least || *number > range.most) {
        complain("must be " + description(range));
        return std::nullopt;
    }
    return number;
}

std::optional<policy::Duration> Value::duration(Range<policy::Duration> range) const {
    if (!expect(Node::Kind::Text)) return std::nullopt;
    const auto time = parse_duration(node_->text);
    if (!time) {
        complain("must be a number with one of the units ms, s, m, h, d, as in `30s`");
        return std::nullopt;
    }
    if (*time < range.least || *time > range.most) {
        complain("must be from " + duration_text(range.least) + " to " + duration_text(range.most));
        return std::nullopt;
    }
    return time;
}

std::optional<std::size_t> Value::size(Range<std::size_t> range) const {
    if (!expect(Node::Kind::Text)) return std::nullopt;
    const auto bytes = parse_size(node_->text);
    if (!bytes) {
        complain("must be a number with one of the units B, KiB, MiB, as in `16KiB`");
        return std::nullopt;
    }
    if (*bytes < range.least || *bytes > range.most) {
        complain("must be from " + size_text(range.least) + " to " + size_text(range.most));
        return std::nullopt;
    }
    return bytes;
}

std::optional<std::size_t> Value::choice(std::span<const std::string_view> words) const {
    if (!expect(Node::Kind::Text)) return std::nullopt;
    const auto word = std::find(words.begin(), words.end(), node_->text);
    if (word != words.end()) return static_cast<std::size_t>(word - words.begin());
    complain("is " + in_quotes(node_->text) + "; it can be " + list_of(words));
    return std::nullopt;
}

std::optional<std::filesystem::path> Value::file() const {
    const auto name = text();
    if (!name) return std::nullopt;
    return (report_->file().parent_path() / *name).lexically_normal();
}

bool Value::expect(Node::Kind kind) const {
    if (node_->kind == kind) return true;
    if (node_->kind == Node::Kind::Nothing) {
        complain("has no value");
    } else if (node_->kind != Node::Kind::Refused) {
        complain("must be " + std::string(description(kind)));
    }
    return false;
}

Value Value::child(const Node& node) const {
    // A section stands where its key does; a value that is not there stands nowhere else.
    const auto mark = node.kind == Node::Kind::Text ? node.mark : node.key_mark;
    const auto part = path_part(node.key);
    return Value(node, {mark, place_.path.empty() ? part : place_.path + "." + part}, *report_);
}

void Value::complain_about_unknown(const Node& node, const std::vector<Key>& keys) const {
    std::vector<std::string_view> known;
    for (const auto& key : keys) known.push_back(key.name);
    const auto meant = nearest(node.key, known);
    Place place = child(node).place();
    place.mark = node.key_mark;
    report_->add(place, meant.empty()
                            ? "is an unknown key; known here: " + list_of(known)
                            : "is an unknown key; did you mean `" + std::string(meant) + "`?");
}

}  // namespace config
