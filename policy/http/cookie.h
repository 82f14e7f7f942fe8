#pragma once

// The Cookie header of a request, byte-exact: no case folding, no trimming of anything but the
// one space after `;`, no quoted strings, no `$Version`, no percent-decoding (CKI-006).

#include <cstddef>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "policy/http/message.h"

namespace policy {

struct CookiePair {
    std::string_view name;
    std::string_view value;
};

struct CookieLimits {
    std::size_t count = 100;
};

// All pairs of all Cookie fields in order. A pair without `=` or with an empty name is skipped, as
// browsers may send one (RFC 6265bis §5.6); its bytes never reach a backend.
// Errors: BadCookieHeader (control bytes, too many pairs).
[[nodiscard]] Result<std::vector<CookiePair>> read_cookies(const RequestHead& head,
                                                           CookieLimits limits = {});

// RFC 6265bis §4.1.1 cookie-name and cookie-value, for cookies that we write or keep.
[[nodiscard]] bool is_cookie_name(std::string_view text);
[[nodiscard]] bool is_cookie_value(std::string_view text);

}  // namespace policy
