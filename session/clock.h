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

// Makes a time of day that never goes back and never stands still out of one that may do both and
// of the time that has passed. It follows steps forward; after a step back it goes on from where
// it was. Callable from any thread.
class SteadyTime {
public:
    // `now` by the machine's clock, `passed` since some fixed moment.
    policy::Instant read(policy::Instant now, policy::Duration passed);

private:
    std::atomic<policy::Duration::rep> lead_{0};  // Of the answer before `passed`; only grows.
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] policy::Instant now() const override;

private:
    mutable SteadyTime time_;
};

}  // namespace session
