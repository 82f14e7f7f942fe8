#pragma once

// Where a Location leads, as far as it stays on the host that was asked.

#include <optional>
#include <string>
#include <string_view>

#include "policy/facts.h"

namespace policy {

// The path and query of `location` (RFC 9110 §10.2.2) without its fragment, when it is relative or
// names the host of `request`, with whatever scheme and port. Nothing for another host, and for
// what cannot be read. Dot segments are not resolved.
[[nodiscard]] std::optional<std::string> own_target(std::string_view location,
                                                    const RequestFacts& request);

// Whether `target`, from own_target(), is the page `page`: the same path, with all query
// parameters that `page` has.
[[nodiscard]] bool is_page(std::string_view target, std::string_view page);

}  // namespace policy
