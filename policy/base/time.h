#pragma once

// Points in time are handed in, never asked for: nothing in policy/ or session/ reads a clock.

#include <chrono>

namespace policy {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Duration>;  // UTC

}  // namespace policy
