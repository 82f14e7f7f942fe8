#include "policy/learn/json.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include <nlohmann/json.hpp>

namespace policy::learn {
namespace {

using Library = nlohmann::json;

constexpr std::size_t kDeepest = 64;

// Builds our tree; stops at the first thing that is wrong.
class TreeBuilder final : public nlohmann::json_sax<Library> {
public:
    bool null() override { return accept(Json::Kind::Null, "null"); }
    bool boolean(bool value) override {
        return accept(Json::Kind::Boolean, value ? "true" : "false");
    }
    bool number_integer(number_integer_t value) override {
        return accept(Json::Kind::Number, std::to_string(value));
    }
    bool number_unsigned(number_unsigned_t value) override {
        return accept(Json::Kind::Number, std::to_string(value));
    }
    bool number_float(number_float_t, const string_t& written) override {
        return accept(Json::Kind::Number, written);
    }
    bool string(string_t& value) override { return accept(Json::Kind::Text, value); }
    bool binary(binary_t&) override { return stop("is not JSON"); }
    bool start_object(std::size_t) override { return open(Json::Kind::Object); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Json::Kind::List); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        if (open_.back().find(name)) return stop("has the key " + json_string(name) + " twice");
        keys_.back() = name;
        return true;
    }

    bool parse_error(std::size_t byte, const std::string&,
                     const nlohmann::detail::exception&) override {
        return stop("is not JSON at byte " + std::to_string(byte));
    }

    [[nodiscard]] tl::expected<Json, std::string> take() {
        if (!wrong_.empty()) return tl::unexpected(std::move(wrong_));
        return std::move(root_);
    }

private:
    bool stop(std::string sentence) {
        wrong_ = std::move(sentence);
        return false;
    }

    bool accept(Json::Kind kind, std::string text) {
        Json json;
        json.kind = kind;
        json.text = std::move(text);
        return accept(std::move(json));
    }

    bool accept(Json json) {
        if (open_.empty()) {
            root_ = std::move(json);
            return true;
        }
        json.key = keys_.back();
        open_.back().children.push_back(std::move(json));
        return true;
    }

    bool open(Json::Kind kind) {
        if (open_.size() == kDeepest) return stop("is nested too deeply");
        open_.emplace_back().kind = kind;
        keys_.emplace_back();
        return true;
    }

    bool close() {
        auto closed = std::move(open_.back());
        open_.pop_back();
        keys_.pop_back();
        return accept(std::move(closed));
    }

    Json root_;
    std::vector<Json> open_;
    std::vector<std::string> keys_;  // The latest key of each that is open.
    std::string wrong_;
};

std::string pointer_token(std::string_view key) {
    std::string token;
    for (const char c : key) {
        if (c == '~') {
            token += "~0";
        } else if (c == '/') {
            token += "~1";
        } else {
            token += c;
        }
    }
    return token;
}

void collect(const Json& json, const std::string& pointer, std::vector<NameValue>& into) {
    if (json.is_scalar()) {
        into.push_back({pointer, json.text});
        return;
    }
    for (std::size_t i = 0; i < json.children.size(); ++i) {
        const auto& child = json.children[i];
        const bool is_member = json.kind == Json::Kind::Object;
        const auto token = is_member ? pointer_token(child.key) : std::to_string(i);
        collect(child, pointer + "/" + token, into);
    }
}

void append_escaped(std::string& to, char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
        to += '\\';
        to += c;
    } else if (c == '\n') {
        to += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
        char unit[8];
        std::snprintf(unit, sizeof unit, "\\u%04x", byte);
        to += unit;
    } else {
        to += c;
    }
}

}  // namespace

const Json* Json::find(std::string_view name) const {
    if (kind != Kind::Object) return nullptr;
    const auto found = std::find_if(children.begin(), children.end(),
                                    [&](const Json& child) { return child.key == name; });
    return found == children.end() ? nullptr : &*found;
}

tl::expected<Json, std::string> parse_json(std::string_view text) {
    TreeBuilder builder;
    Library::sax_parse(text.begin(), text.end(), &builder);
    return builder.take();
}

std::vector<NameValue> scalars_of(const Json& json) {
    std::vector<NameValue> scalars;
    collect(json, "", scalars);
    return scalars;
}

void append_json(std::string& to, const Json& json) {
    if (json.is_scalar()) {
        to += json.kind == Json::Kind::Text ? json_string(json.text) : json.text;
        return;
    }
    const bool is_object = json.kind == Json::Kind::Object;
    to += is_object ? '{' : '[';
    for (std::size_t i = 0; i < json.children.size(); ++i) {
        if (i > 0) to += ',';
        if (is_object) to += json_string(json.children[i].key) + ":";
        append_json(to, json.children[i]);
    }
    to += is_object ? '}' : ']';
}

std::string json_string(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) append_escaped(quoted, c);
    return quoted + "\"";
}

}  // namespace policy::learn
