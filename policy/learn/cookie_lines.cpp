#include "policy/learn/cookie_lines.h"

#include <algorithm>
#include <array>

#include "policy/base/text.h"
#include "policy/learn/fields.h"

namespace policy::learn {
namespace {

constexpr Instant kWithoutDate = std::chrono::sys_days{std::chrono::year{2020} / 1 / 1};

bool is_hex_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

CookieFate fate_of(const SetCookie& cookie, Instant now) {
    if (cookie.is_deletion(now)) return CookieFate::Deleted;
    return is_tombstone(cookie.value) ? CookieFate::Emptied : CookieFate::Set;
}

}  // namespace

Instant date_of(const RecordedResponse& response) {
    return parse_cookie_date(header_or_empty(response.headers, "Date")).value_or(kWithoutDate);
}

std::vector<CookieLine> cookie_lines(const RecordedResponse& response) {
    const auto date = date_of(response);
    std::vector<CookieLine> lines;
    for (const auto& header : response.headers) {
        if (!equals_ignoring_case(header.name, "Set-Cookie")) continue;
        const auto cookie = parse_set_cookie(header.value);
        if (!cookie) continue;
        const auto fate = fate_of(*cookie, date);
        const bool is_lasting = fate == CookieFate::Set && (cookie->max_age || cookie->expires);
        lines.push_back({std::string(cookie->name), std::string(cookie->value), fate,
                         cookie->http_only, cookie->secure, is_lasting, cookie->same_site});
    }
    return lines;
}

std::vector<CookieLine> cookie_effects(const RecordedResponse& response) {
    std::vector<CookieLine> effects;
    for (auto& line : cookie_lines(response)) {
        std::erase_if(effects,
                      [&](const CookieLine& earlier) { return earlier.name == line.name; });
        effects.push_back(std::move(line));
    }
    return effects;
}

const CookieLine* find_cookie(const std::vector<CookieLine>& lines, std::string_view name) {
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [&](const CookieLine& line) { return line.name == name; });
    return found == lines.end() ? nullptr : &*found;
}

bool is_tombstone(std::string_view cookie_value) {
    static constexpr std::array<std::string_view, 7> kWords{
        "", "\"\"", "deleted", "-del-", "deleteMe", "delete", "removed"};
    return std::find(kWords.begin(), kWords.end(), cookie_value) != kWords.end();
}

bool is_session_name(std::string_view cookie_name) {
    const auto name = ascii_lower(cookie_name);
    return name.find("sess") != std::string::npos || name.ends_with("sid") || name == "sid" ||
           name.starts_with("sid");
}

bool is_session_cookie(const CookieLine& cookie) {
    return is_session_name(cookie.name) || (cookie.http_only && !cookie.is_lasting);
}

std::string cookie_glob(std::string_view cookie_name) {
    constexpr std::size_t kLongTail = 8;
    std::size_t tail = cookie_name.size();
    while (tail > 0 && is_hex_digit(cookie_name[tail - 1])) --tail;
    const auto digits = cookie_name.substr(tail);
    const bool has_number = digits.find_first_of("0123456789") != std::string_view::npos;
    if (digits.size() < kLongTail || !has_number || tail < 2) return std::string(cookie_name);
    return std::string(cookie_name.substr(0, tail)) + "*";
}

}  // namespace policy::learn
