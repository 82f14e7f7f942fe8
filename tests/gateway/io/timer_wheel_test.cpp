#include "gateway/io/timer_wheel.h"

#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/loop.h"
#include "tests/support/nodes.h"

namespace gateway {
namespace {

using std::chrono::steady_clock;
using support::Alarm;

constexpr policy::Duration kNow{0};
constexpr policy::Duration kTurn = 512 * TimerWheel::kTick;

struct TimerWheelTest : testing::Test {
    support::Loop loop;

    bool run_until_called(const Alarm& alarm) {
        return loop.run_until([&] { return alarm.calls > 0; });
    }
};

TEST_F(TimerWheelTest, CallsNothingBeforeItsTimeNorMoreThanTwoTicksLate) {
    constexpr policy::Duration kTimeout{100};
    Alarm alarm;
    const auto armed = steady_clock::now();

    loop.wheel.arm(alarm, kTimeout);

    ASSERT_TRUE(run_until_called(alarm));
    const auto waited = steady_clock::now() - armed;
    EXPECT_GE(waited, kTimeout);
    constexpr policy::Duration kBusyMachine{300};
    EXPECT_LT(waited, kTimeout + 2 * TimerWheel::kTick + kBusyMachine);
}

TEST_F(TimerWheelTest, CallsNothingBeforeItsTimeAfterTheLoopWasHeldUp) {
    constexpr policy::Duration kTimeout{100};
    Alarm keeps_the_wheel_turning;
    loop.wheel.arm(keeps_the_wheel_turning, kTurn);
    // What a burst of handshakes does, or a machine that was paused.
    std::this_thread::sleep_for(2 * TimerWheel::kTick);
    Alarm alarm;
    const auto armed = steady_clock::now();

    loop.wheel.arm(alarm, kTimeout);

    ASSERT_TRUE(run_until_called(alarm));
    EXPECT_GE(steady_clock::now() - armed, kTimeout);
}

TEST_F(TimerWheelTest, NeverCallsFromWithinArm) {
    Alarm alarm;

    loop.wheel.arm(alarm, kNow);

    EXPECT_EQ(alarm.calls, 0);
    EXPECT_TRUE(alarm.is_armed());
}

TEST_F(TimerWheelTest, DoesNotCallWhatWasUnlinkedOrDestroyed) {
    Alarm unlinked;
    auto destroyed = std::make_unique<Alarm>([] { ADD_FAILURE() << "called after its end"; });
    Alarm due_too;
    Alarm due([&] { due_too.unlink(); });
    Alarm last;
    for (auto* alarm : {&unlinked, destroyed.get(), &due, &due_too, &last})
        loop.wheel.arm(*alarm, kNow);

    unlinked.unlink();
    destroyed.reset();

    ASSERT_TRUE(run_until_called(last));
    EXPECT_EQ(unlinked.calls, 0);
    EXPECT_FALSE(unlinked.is_armed());
    EXPECT_EQ(due_too.calls, 0) << "a deadline may unlink another that is due with it";
}

TEST_F(TimerWheelTest, ArmingAgainReplacesTheDeadline) {
    Alarm moved;
    Alarm first;
    loop.wheel.arm(moved, kNow);

    loop.wheel.arm(moved, kTurn);

    loop.wheel.arm(first, kNow);
    ASSERT_TRUE(run_until_called(first));
    EXPECT_EQ(moved.calls, 0);
    EXPECT_TRUE(moved.is_armed());
}

TEST_F(TimerWheelTest, ADeadlineMayArmOrDestroyItsNode) {
    Alarm again([&] { loop.wheel.arm(again, kTurn); });
    std::unique_ptr<Alarm> destroyed;
    // The closure lives in the node: nothing of it is used after the call.
    destroyed = std::make_unique<Alarm>([&] { destroyed.reset(); });
    loop.wheel.arm(*destroyed, kNow);

    loop.wheel.arm(again, kNow);

    ASSERT_TRUE(run_until_called(again));
    EXPECT_TRUE(again.is_armed());
    EXPECT_FALSE(destroyed);
}

TEST_F(TimerWheelTest, ANodeOfALaterTurnStaysWhenItsSlotIsDue) {
    Alarm due;
    Alarm turn_later;
    loop.wheel.arm(turn_later, kTurn);

    loop.wheel.arm(due, kNow);

    ASSERT_TRUE(run_until_called(due));
    EXPECT_EQ(turn_later.calls, 0);
    EXPECT_TRUE(turn_later.is_armed());
}

TEST_F(TimerWheelTest, WithoutNodesTheLoopRunsDryUntilOneIsArmed) {
    Alarm alarm;
    loop.wheel.arm(alarm, kNow);
    loop.context.run();
    ASSERT_EQ(alarm.calls, 1);

    loop.wheel.arm(alarm, kNow);
    loop.context.restart();
    loop.context.run();

    EXPECT_EQ(alarm.calls, 2);
}

TEST_F(TimerWheelTest, StopLetsTheLoopRunDryWithNodesStillArmed) {
    Alarm alarm;
    loop.wheel.arm(alarm, kTurn);

    loop.wheel.stop();
    loop.context.run();

    EXPECT_EQ(alarm.calls, 0);
    EXPECT_TRUE(alarm.is_armed());
}

}  // namespace
}  // namespace gateway
