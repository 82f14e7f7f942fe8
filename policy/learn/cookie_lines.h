#pragma once

// What an answer of a recording does to the browser's cookies.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/http/set_cookie.h"
#include "policy/learn/recording.h"

namespace policy::learn {

enum class CookieFate : std::uint8_t {
    Set,
    Deleted,
    Emptied,  // Meant to be deleted (`deleted`, `-del-`, nothing), but the browser keeps it.
};

struct CookieLine {
    std::string name;
    std::string value;
    CookieFate fate = CookieFate::Set;
    bool http_only = false;
    bool secure = false;
    bool is_lasting = false;  // Kept when the browser closes.
    SameSite same_site = SameSite::Unset;
};

// When the answer was given: its Date, which decides what an expiry means; without one the first
// day of 2020.
[[nodiscard]] Instant date_of(const RecordedResponse& response);

// Lines that a browser would ignore are left out.
[[nodiscard]] std::vector<CookieLine> cookie_lines(const RecordedResponse& response);

// The same when all lines are applied: one for each name, the last one.
[[nodiscard]] std::vector<CookieLine> cookie_effects(const RecordedResponse& response);

// Null when the answer says nothing about a cookie of that name.
[[nodiscard]] const CookieLine* find_cookie(const std::vector<CookieLine>& lines,
                                            std::string_view name);

// `deleted`, `-del-` and the like, or nothing.
[[nodiscard]] bool is_tombstone(std::string_view cookie_value);

// Whether the name tells that it is a session's: PHPSESSID, JSESSIONID, connect.sid.
[[nodiscard]] bool is_session_name(std::string_view cookie_name);

// Whether the cookie is a session's, as its name says or what it is like: HttpOnly and gone when
// the browser closes.
[[nodiscard]] bool is_session_cookie(const CookieLine& cookie);

// The name as a glob: a tail of hexadecimal digits or numbers that differs from installation to
// installation becomes `*`.
[[nodiscard]] std::string cookie_glob(std::string_view cookie_name);

}  // namespace policy::learn
