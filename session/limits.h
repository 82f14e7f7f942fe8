#pragma once

// How long sessions live (LIF-001, LIF-002). The defaults are the secure ones.

#include <chrono>

#include "policy/base/time.h"

namespace session {

struct Lifetime {
    policy::Duration idle;
    policy::Duration absolute;
};

struct Limits {
    Lifetime user{std::chrono::minutes(30), std::chrono::hours(8)};      // From authentication.
    Lifetime stranger{std::chrono::minutes(10), std::chrono::hours(1)};  // From creation.

    // Activity is written to the store at most this often.
    policy::Duration touch_interval = std::chrono::seconds(30);
};

}  // namespace session
