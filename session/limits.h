#pragma once

// How long sessions live (LIF-001, LIF-002). The defaults are the secure ones.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "policy/base/time.h"

namespace session {

struct Lifetime {
    policy::Duration idle;
    policy::Duration absolute;
};

// Users in one of these groups have shorter limits. Who is in several has the shortest of each.
struct Privileged {
    std::vector<std::string> groups;
    Lifetime lifetime;
};

struct Limits {
    Lifetime user{std::chrono::minutes(30), std::chrono::hours(8)};      // From authentication.
    Lifetime stranger{std::chrono::minutes(10), std::chrono::hours(1)};  // From creation.
    std::vector<Privileged> privileged;

    // Activity is written to the store at most this often.
    policy::Duration touch_interval = std::chrono::seconds(30);
};

// How many sessions one user may have at a time (REV-006).
struct UserLimit {
    enum class WhenExceeded : std::uint8_t {
        Refuse,     // The login that would be one too many.
        EndOldest,  // The session whose login is the longest ago.
        Allow,      // It is told.
    };
    std::size_t sessions = 0;  // 0: as many as there are.
    WhenExceeded when_exceeded = WhenExceeded::EndOldest;
};

}  // namespace session
