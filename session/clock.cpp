#include "session/clock.h"

#include <algorithm>

namespace session {

policy::Instant SteadyTime::read(policy::Instant now, policy::Duration passed) {
    const auto told = (now.time_since_epoch() - passed).count();
    auto lead = lead_.load(std::memory_order_relaxed);
    while (lead < told && !lead_.compare_exchange_weak(lead, told, std::memory_order_relaxed)) {
    }
    return policy::Instant(policy::Duration(std::max(lead, told)) + passed);
}

policy::Instant SystemClock::now() const {
    using std::chrono::steady_clock, std::chrono::system_clock;
    const auto passed =
        std::chrono::floor<policy::Duration>(steady_clock::now().time_since_epoch());
    return time_.read(std::chrono::floor<policy::Duration>(system_clock::now()), passed);
}

}  // namespace session
