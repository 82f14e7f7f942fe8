#pragma once

// The time of day, injected. Only gateway/ and tests own a Clock; everything else takes `now`.

#include <atomic>

#include "policy/base/time.h"

namespace session {

class Clock {
public:
    virtual ~Clock() = default;

    // Never earlier than an earlier answer, whatever happens to the machine's clock: a step back
    // must not revive a session (LIF-005). Callable from any thread.
    [[nodiscard]] virtual policy::Instant now() const = 0;
};

// Remembers the latest instant that it was told. Callable from any thread.
class HighWater {
public:
    // The latest of `now` and everything told before.
    policy::Instant raise(policy::Instant now);

private:
    std::atomic<policy::Duration::rep> latest_{0};
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] policy::Instant now() const override;

private:
    mutable HighWater latest_;
};

}  // namespace session
