#include "policy/http/php_name.h"

#include <algorithm>
#include <optional>

#include "policy/base/text.h"

namespace policy {

namespace {

// As PHP does: what is no escape stays.
std::string decode(std::string_view text) {
    std::string decoded;
    while (!text.empty()) {
        const auto byte = text.front() == '%' ? percent_decode(text.substr(0, 3)) : std::nullopt;
        decoded += byte ? byte->front() : text.front() == '+' ? ' ' : text.front();
        text.remove_prefix(byte ? 3 : 1);
    }
    return decoded;
}

// `name[key]` is an entry of the array `name`; a bracket that stays open is no bracket.
std::string_view without_key(std::string_view name) {
    const auto open = name.find('[');
    const bool has_key = open != name.npos && name.find(']', open) != name.npos;
    return has_key ? name.substr(0, open) : name;
}

}  // namespace

std::string php_name(std::string_view cookie_name) {
    if (cookie_name.find_first_of("%+.") == cookie_name.npos) return {};
    const auto decoded = decode(cookie_name);
    auto name = std::string_view(decoded);
    name = name.substr(0, name.find('\0'));
    name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
    std::string folded(without_key(name));
    for (char& c : folded) {
        if (c == '.' || c == ' ' || c == '[') c = '_';
    }
    return folded == cookie_name ? std::string{} : folded;
}

}  // namespace policy
