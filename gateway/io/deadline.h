#pragma once

// A point in time by which something has to be over, however many waits it takes: a peer that
// sends one byte at a time must not stretch it.

#include <algorithm>

#include "gateway/io/coarse_clock.h"
#include "policy/base/time.h"

namespace gateway {

class Deadline {
public:
    explicit Deadline(policy::Duration timeout) : at_(CoarseClock::now() + timeout) {}

    // How long the next wait may take; nothing when it has passed.
    [[nodiscard]] policy::Duration left() const {
        const auto left = std::chrono::ceil<policy::Duration>(at_ - CoarseClock::now());
        return std::max(policy::Duration::zero(), left);
    }

private:
    CoarseClock::time_point at_;
};

}  // namespace gateway
