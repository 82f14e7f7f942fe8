#pragma once

// Where a Location leads, as far as it stays on the host that was asked.

#include <optional>
#include <string>
#include <string_view>

#include "policy/facts.h"
#include "policy/match.h"

namespace policy {

// Where a Location leads, on whatever host.
struct Destination {
    bool is_own_host = true;
    std::string target;  // Path and query, without a fragment. Dot segments are not resolved.
};

// Nothing for a Location of another scheme than http and https.
[[nodiscard]] std::optional<Destination> destination(std::string_view location,
                                                     const RequestFacts& request);

// The path and query of `location` (RFC 9110 §10.2.2) without its fragment, when it is relative or
// names the host of `request`, with whatever scheme and port. Nothing for another host, and for
// what cannot be read. Dot segments are not resolved.
[[nodiscard]] std::optional<std::string> own_target(std::string_view location,
                                                    const RequestFacts& request);

// Whether `target` is the page `page`: the same path, in either of its readings, with all query
// parameters that `page` has. Doubtful when the target cannot be read, as with dot segments, or has
// such a parameter twice.
[[nodiscard]] Match is_page(std::string_view target, std::string_view page);

}  // namespace policy
