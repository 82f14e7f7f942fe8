#pragma once

// A clock that stands still until a test moves it.

#include "session/clock.h"

namespace support {

inline constexpr policy::Instant kStart{std::chrono::sys_days{std::chrono::year{2030} / 1 / 1}};

class FakeClock final : public session::Clock {
public:
    [[nodiscard]] policy::Instant now() const override { return now_; }
    void advance(policy::Duration by) { now_ += by; }

private:
    policy::Instant now_ = kStart;
};

}  // namespace support
