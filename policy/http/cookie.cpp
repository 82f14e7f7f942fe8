#include "policy/http/cookie.h"

#include <algorithm>
#include <cstdint>

#include "policy/base/text.h"

namespace policy {

namespace {

bool is_control(char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return byte < ' ' || byte == 0x7F;
}

bool is_cookie_octet(char c) {
    return c > ' ' && c < '\x7f' && c != '"' && c != ',' && c != ';' && c != '\\';
}

// Appends the pairs of one field; false when there are more than `most` altogether.
bool append_pairs(std::string_view text, std::size_t most, std::vector<CookiePair>& pairs) {
    for (;;) {
        const auto end = text.find(';');
        const auto pair = text.substr(0, end);
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos && equals > 0) {
            if (pairs.size() == most) return false;
            pairs.push_back({pair.substr(0, equals), pair.substr(equals + 1)});
        }
        if (end == std::string_view::npos) return true;
        text.remove_prefix(end + 1);
        if (text.starts_with(' ')) text.remove_prefix(1);
    }
}

}  // namespace

Result<std::vector<CookiePair>> read_cookies(const RequestHead& head, CookieLimits limits) {
    std::vector<CookiePair> pairs;
    for (const Field& field : head.fields) {
        if (!equals_ignoring_case(field.name, "Cookie")) continue;
        if (std::any_of(field.value.begin(), field.value.end(), is_control)) {
            return fail(Reason::BadCookieHeader);
        }
        if (!append_pairs(field.value, limits.count, pairs)) return fail(Reason::BadCookieHeader);
    }
    return pairs;
}

bool is_cookie_name(std::string_view text) {
    return is_token(text);
}

bool is_cookie_value(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
    }
    return std::all_of(text.begin(), text.end(), is_cookie_octet);
}

}  // namespace policy
