#pragma once

// Domains under which anybody can register: `org`, `co.uk`, `github.io`. Nobody speaks for such a
// domain as a whole, so nobody may set cookies for it (RFC 6265bis §5.7). The list is that of
// publicsuffix.org, as Debian's libpsl brings it or its package `publicsuffix` newer.

#include <string_view>

namespace session {

// `domain` is a name in lower case, not an address. A name of one label is one, too, unless the
// list says otherwise; without a list, every name is one.
[[nodiscard]] bool is_public_suffix(std::string_view domain);

}  // namespace session
