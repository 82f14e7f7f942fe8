#pragma once

// Points in time as audit lines show them.

#include <string>

#include "policy/base/time.h"

namespace gateway {

// RFC 3339 in UTC with milliseconds: `2026-01-31T23:59:59.999Z`.
[[nodiscard]] std::string to_text(policy::Instant time);

}  // namespace gateway
