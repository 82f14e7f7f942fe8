#include "policy/http/json_pointer.h"

#include "policy/base/text.h"

namespace policy {

namespace {

// RFC 6901 §4: `~1` is a slash, `~0` is `~`, and there is no other escape.
std::optional<std::string> unescape(std::string_view text) {
    std::string key;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '~') {
            key += text[i];
            continue;
        }
        if (++i == text.size() || (text[i] != '0' && text[i] != '1')) return std::nullopt;
        key += text[i] == '0' ? '~' : '/';
    }
    return key;
}

}  // namespace

std::optional<std::vector<std::string>> json_pointer_keys(std::string_view pointer) {
    std::vector<std::string> keys;
    if (!is_valid_utf8(pointer)) return std::nullopt;
    while (!pointer.empty()) {
        if (pointer.front() != '/') return std::nullopt;
        pointer.remove_prefix(1);
        const auto escaped = pointer.substr(0, pointer.find('/'));
        auto key = unescape(escaped);
        if (!key) return std::nullopt;
        keys.push_back(std::move(*key));
        pointer.remove_prefix(escaped.size());
    }
    return keys;
}

bool is_json_pointer(std::string_view text) {
    return json_pointer_keys(text).has_value();
}

}  // namespace policy
