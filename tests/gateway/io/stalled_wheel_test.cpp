#include <chrono>

#include <gtest/gtest.h>

#include "gateway/io/timer_wheel.h"
#include "tests/support/wire.h"

namespace gateway {
namespace {

using std::chrono::steady_clock;

struct Reminder final : TimerWheel::Node {
    void on_deadline() override { came = true; }
    bool came = false;
};

// The loop hangs in something else for several ticks: the time passes, the wheel does not turn.
void stall() {
    const auto until = steady_clock::now() + 4 * TimerWheel::kTick;
    while (steady_clock::now() < until) continue;
}

TEST(StalledWheel, CountsADeadlineFromWhenItIsArmed) {
    constexpr policy::Duration kTimeout{200};
    support::Wire wire;
    Reminder keeps_the_wheel_running, reminder;
    wire.wheel.arm(keeps_the_wheel_running, std::chrono::hours(1));
    stall();

    const auto armed = steady_clock::now();
    wire.wheel.arm(reminder, kTimeout);

    EXPECT_TRUE(wire.run_until([&] { return reminder.came; }));
    EXPECT_GE(steady_clock::now() - armed, kTimeout);
}

}  // namespace
}  // namespace gateway
