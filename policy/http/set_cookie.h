#pragma once

// One Set-Cookie line of a backend, read as a browser would (RFC 6265bis §5.6), without a clock:
// what the attributes mean at a point in time is for the vault to say.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "policy/base/time.h"

namespace policy {

enum class SameSite { Unset, None, Lax, Strict };

// Views point into the line.
struct SetCookie {
    std::string_view name;
    std::string_view value;
    std::optional<std::string_view> domain;  // Without a leading dot; empty value counts as absent.
    std::optional<std::string_view> path;    // Only when it begins with `/`.
    std::optional<std::chrono::seconds> max_age;  // Clamped to ±400 days; <= 0 deletes.
    std::optional<Instant> expires;
    bool secure = false;
    bool http_only = false;
    SameSite same_site = SameSite::Unset;

    // Max-Age wins over Expires (RFC 6265bis §5.7 steps 3 and 4).
    [[nodiscard]] bool is_deletion(Instant now) const;
};

// Nothing when a browser would ignore the line: control bytes, no name, name and value longer
// than 4096 bytes together.
[[nodiscard]] std::optional<SetCookie> parse_set_cookie(std::string_view line);

// The dates that browsers accept, which are more than the standard's (RFC 6265bis §5.6.1).
[[nodiscard]] std::optional<Instant> parse_cookie_date(std::string_view text);

// RFC 6265bis §5.1.3 on canonical (lower-case) host names. IP addresses match only themselves.
[[nodiscard]] bool domain_matches(std::string_view host, std::string_view domain);

// RFC 6265bis §5.1.4.
[[nodiscard]] bool path_matches(std::string_view request_path, std::string_view cookie_path);
[[nodiscard]] std::string_view default_cookie_path(std::string_view request_path);

// The line with Secure and HttpOnly present, SameSite=Lax when it was absent, and Domain removed,
// for backend cookies that a policy lets through hardened (CKI-009); for scripts to read, without
// HttpOnly.
enum class Scripts { MayNotRead, MayRead };
[[nodiscard]] std::string harden(const SetCookie& cookie, std::string_view line,
                                 Scripts scripts = Scripts::MayNotRead);

// The line with `path` in place of whatever Path it has.
[[nodiscard]] std::string with_path(const SetCookie& cookie, std::string_view line,
                                    std::string_view path);

}  // namespace policy
