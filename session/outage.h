#pragma once

// Outage: whether the server that keeps the sessions answers. It is told once when it does not any
// more, and once when it does again. Callable from any thread.

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "policy/base/time.h"
#include "session/clock.h"

namespace session {

class Outage {
public:
    struct Change {
        bool is_out = false;
        std::string why;            // For the operator; when it is out.
        policy::Duration lasted{};  // When it is over.
    };
    using Tell = std::function<void(const Change&)>;

    // `clock` outlives this. `tell` is called by whoever notices.
    Outage(const Clock& clock, Tell tell) : clock_(clock), tell_(std::move(tell)) {}

    void failed(std::string_view why);
    void answered() {
        if (is_out()) end();
    }
    [[nodiscard]] bool is_out() const { return is_out_.load(std::memory_order_relaxed); }

private:
    void end();

    const Clock& clock_;
    Tell tell_;
    std::atomic<bool> is_out_{false};
    std::mutex mutex_;  // Guards what follows, and the changes of what stands above.
    policy::Instant since_{};
};

}  // namespace session
