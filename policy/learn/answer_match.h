#pragma once

// Whether a recorded answer meets a condition: surely, and in the eyes of the gateway itself, so
// that a rule means here what it will mean there.

#include <optional>
#include <string>
#include <string_view>

#include "policy/learn/learned.h"

namespace policy::learn {

// Where the answer's Location leads, seen from a login with this page. Nothing without a Location,
// and when it can be read in two ways.
[[nodiscard]] std::optional<Redirect> redirect_of(const Exchange& exchange, std::string_view page);

// An empty condition holds for no answer.
[[nodiscard]] bool holds(const Condition& condition, const Exchange& exchange,
                         std::string_view page);

}  // namespace policy::learn
