#pragma once

// Where an answer sends the browser. A backend behind TLS builds absolute addresses from what it
// believes to be called; those become ours, and a session id in their path is taken out.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "policy/backend.h"
#include "policy/base/arena.h"
#include "policy/facts.h"

namespace policy {

// One request on its way through: from which address to which. Refers to what outlives it.
struct Crossing {
    const Backend& backend;
    const RequestFacts& request;
    std::span<const std::string> path_parameters;  // Names, lower case.
};

// The value of Location or Content-Location for the browser; it is `value` itself or lives in
// `arena`. Nothing when the field must not be passed on.
//
// Own origins, whose addresses become `https://<public host and port>/...`:
//   http and https  each server of the backend, with its port
//   http and https  the `host` that the backend is sent, with any port that it may believe in: the
//                   one it was sent, those of its servers, 80 and 443
//   http            the public host, with the same ports and the public one
//   https           the public host with the public port
//   as written      own_origins
//
// What else a value may be:
//   //host/x                  read as http, then as https
//   /x                        stays, with its path mapped
//   x, ?x, #x, nothing        stays: it means the same on both sides
//   another origin            stays
//   not readable              stays: other schemes, `http:/x`, `\`, user information, odd hosts
//   a control byte or tab     nothing: browsers take tabs out before they read
// With `location: leave` everything stays as it is.
//
// With mapped paths, a path outside the backend's prefix stays; so does one on the public host that
// lies under the public prefix already: the backend was told its address.
[[nodiscard]] std::optional<std::string_view> public_location(std::string_view value,
                                                              const Crossing& crossing,
                                                              Arena& arena);

// The same for Refresh, in the spellings that browsers read (HTML, "shared declarative refresh
// steps"): `5; url=x`, `5,URL = 'x'`, `5 x`.
[[nodiscard]] std::optional<std::string_view> public_refresh(std::string_view value,
                                                             const Crossing& crossing,
                                                             Arena& arena);

// `host` or `host:port`, as browsers call us and as the backend is told to be called.
[[nodiscard]] std::string_view public_authority(const RequestFacts& request, Arena& arena);
[[nodiscard]] std::string_view backend_authority(const Crossing& crossing, Arena& arena);

// The value of Origin or Referer for a backend whose policy says `origin: rewrite`. Only what is
// exactly our own public origin becomes the backend's; another one stays, because the backend
// refuses it by that. Otherwise `value` itself.
[[nodiscard]] std::string_view backend_origin(std::string_view value, const Crossing& crossing,
                                              Arena& arena);

}  // namespace policy
