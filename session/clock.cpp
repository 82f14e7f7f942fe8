#include "session/clock.h"

#include <algorithm>

namespace session {

policy::Instant HighWater::raise(policy::Instant now) {
    const auto told = now.time_since_epoch().count();
    auto latest = latest_.load(std::memory_order_relaxed);
    while (latest < told &&
           !latest_.compare_exchange_weak(latest, told, std::memory_order_relaxed)) {
    }
    return policy::Instant(policy::Duration(std::max(latest, told)));
}

policy::Instant SystemClock::now() const {
    return latest_.raise(
        std::chrono::time_point_cast<policy::Duration>(std::chrono::system_clock::now()));
}

}  // namespace session
