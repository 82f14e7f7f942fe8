#include "policy/http/set_cookie.h"

#include <algorithm>
#include <cstdint>

#include "policy/base/text.h"
#include "policy/http/network.h"

namespace policy {

namespace {

constexpr std::size_t kMaxPair = 4096;
constexpr std::size_t kMaxAttributeValue = 1024;
constexpr std::chrono::seconds kMaxAge = std::chrono::days{400};

struct Attribute {
    std::string_view name;
    std::string_view value;
    std::string_view text;  // Both, as written.
};

// RFC 6265bis §5.6 step 1: a tab is the only control that may stand in the line.
bool is_forbidden(char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return (byte < ' ' && byte != '\t') || byte == 0x7F;
}

Attribute split_attribute(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return {trim(text), {}, trim(text)};
    return {trim(text.substr(0, equals)), trim(text.substr(equals + 1)), trim(text)};
}

// Calls `take` for each attribute behind the name and value.
template <class Take>
void for_each_attribute(std::string_view line, Take take) {
    for (auto at = line.find(';'); at != std::string_view::npos; at = line.find(';')) {
        line.remove_prefix(at + 1);
        take(split_attribute(line.substr(0, line.find(';'))));
    }
}

// RFC 6265bis §5.6.2. Digits beyond the largest number are only a longer way to say "long".
std::optional<std::chrono::seconds> parse_max_age(std::string_view text) {
    const bool is_negative = text.starts_with('-');
    if (is_negative) text.remove_prefix(1);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;

    const auto most = static_cast<std::uint64_t>(kMaxAge.count());
    const auto seconds = std::min(parse_decimal(text).value_or(most), most);
    const std::chrono::seconds age{static_cast<std::int64_t>(seconds)};
    return is_negative ? -age : age;
}

SameSite parse_same_site(std::string_view text) {
    if (equals_ignoring_case(text, "none")) return SameSite::None;
    if (equals_ignoring_case(text, "lax")) return SameSite::Lax;
    if (equals_ignoring_case(text, "strict")) return SameSite::Strict;
    return SameSite::Unset;
}

std::string_view text_of(SameSite same_site) {
    switch (same_site) {
        case SameSite::None:
            return "None";
        case SameSite::Strict:
            return "Strict";
        case SameSite::Lax:
        case SameSite::Unset:
            break;
    }
    return "Lax";
}

void apply_domain(std::string_view value, SetCookie& cookie) {
    if (value.starts_with('.')) value.remove_prefix(1);
    cookie.domain = value.empty() ? std::nullopt : std::optional(value);
}

void apply_path(std::string_view value, SetCookie& cookie) {
    cookie.path = value.starts_with('/') ? std::optional(value) : std::nullopt;
}

// RFC 6265bis §5.6 and §5.7: the last attribute of a name counts; one that cannot be read is as
// if it were not there.
void apply(const Attribute& attribute, SetCookie& cookie) {
    const auto is = [&](std::string_view name) {
        return equals_ignoring_case(attribute.name, name);
    };
    const auto value = attribute.value;
    if (value.size() > kMaxAttributeValue) return;
    if (is("domain")) apply_domain(value, cookie);
    if (is("path")) apply_path(value, cookie);
    if (is("secure")) cookie.secure = true;
    if (is("httponly")) cookie.http_only = true;
    if (is("samesite")) cookie.same_site = parse_same_site(value);
    if (is("max-age")) {
        if (const auto age = parse_max_age(value)) cookie.max_age = age;
    }
    if (is("expires")) {
        if (const auto date = parse_cookie_date(value)) cookie.expires = date;
    }
}

bool is_rewritten_by_hardening(std::string_view name) {
    return name.empty() || equals_ignoring_case(name, "domain") ||
           equals_ignoring_case(name, "secure") || equals_ignoring_case(name, "httponly") ||
           equals_ignoring_case(name, "samesite");
}

template <class Unwanted>
std::string without_attributes(const SetCookie& cookie, std::string_view line, Unwanted unwanted) {
    std::string kept{cookie.name};
    kept.append("=").append(cookie.value);
    for_each_attribute(line, [&](const Attribute& attribute) {
        if (!unwanted(attribute.name)) kept.append("; ").append(attribute.text);
    });
    return kept;
}

}  // namespace

bool SetCookie::is_deletion(Instant now) const {
    if (max_age) return *max_age <= std::chrono::seconds{0};
    return expires && *expires <= now;
}

std::optional<SetCookie> parse_set_cookie(std::string_view line) {
    if (std::any_of(line.begin(), line.end(), is_forbidden)) return std::nullopt;
    const auto pair = line.substr(0, line.find(';'));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) return std::nullopt;

    SetCookie cookie;
    cookie.name = trim(pair.substr(0, equals));
    cookie.value = trim(pair.substr(equals + 1));
    if (cookie.name.empty()) return std::nullopt;
    if (cookie.name.size() + cookie.value.size() > kMaxPair) return std::nullopt;
    for_each_attribute(line, [&](const Attribute& attribute) { apply(attribute, cookie); });
    return cookie;
}

bool domain_matches(std::string_view host, std::string_view domain) {
    if (domain.empty() || !host.ends_with(domain)) return false;
    if (host.size() == domain.size()) return true;
    const bool is_address = host.starts_with('[') || IpAddress::parse(host).has_value();
    return !is_address && host[host.size() - domain.size() - 1] == '.';
}

bool path_matches(std::string_view request_path, std::string_view cookie_path) {
    if (cookie_path.empty() || !request_path.starts_with(cookie_path)) return false;
    return request_path.size() == cookie_path.size() || cookie_path.ends_with('/') ||
           request_path[cookie_path.size()] == '/';
}

std::string_view default_cookie_path(std::string_view request_path) {
    const auto last = request_path.rfind('/');
    if (!request_path.starts_with('/') || last == 0) return "/";
    return request_path.substr(0, last);
}

std::string harden(const SetCookie& cookie, std::string_view line, Scripts scripts) {
    auto hardened = without_attributes(cookie, line, is_rewritten_by_hardening);
    hardened.append(scripts == Scripts::MayRead ? "; Secure" : "; Secure; HttpOnly");
    hardened.append("; SameSite=").append(text_of(cookie.same_site));
    return hardened;
}

std::string with_path(const SetCookie& cookie, std::string_view line, std::string_view path) {
    auto moved = without_attributes(cookie, line, [](std::string_view name) {
        return name.empty() || equals_ignoring_case(name, "path");
    });
    moved.append("; Path=").append(path);
    return moved;
}

}  // namespace policy
