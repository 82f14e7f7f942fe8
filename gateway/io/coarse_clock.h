#pragma once

// The steady clock as the kernel last wrote it down: some milliseconds behind, at a fifth of the
// price. Good enough for deadlines, which are kept to a tenth of a second.

#include <chrono>
#include <ctime>

namespace gateway {

struct CoarseClock {
    using time_point = std::chrono::steady_clock::time_point;

    [[nodiscard]] static time_point now() {
        std::timespec time{};
        ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
        return time_point(std::chrono::seconds(time.tv_sec) +
                          std::chrono::nanoseconds(time.tv_nsec));
    }
};

}  // namespace gateway
