#include <gtest/gtest.h>

#include "gateway/io/timer_wheel.h"
#include "tests/support/wire.h"

namespace gateway {
namespace {

using std::chrono::hours;

struct Reminder final : TimerWheel::Node {
    void on_deadline() override { came = true; }
    bool came = false;
};

TEST(Hurry, LetsDeadlinesPassThatAreFarAway) {
    support::Wire wire;
    Reminder in_an_hour, in_a_day;
    wire.wheel.arm(in_an_hour, hours(1));
    wire.wheel.arm(in_a_day, hours(24));

    wire.wheel.hurry();

    EXPECT_TRUE(wire.run_until([&] { return in_an_hour.came && in_a_day.came; }));
}

TEST(Hurry, GoesOnForThoseThatComeLater) {
    support::Wire wire;
    wire.wheel.hurry();
    Reminder late;

    wire.wheel.arm(late, hours(1));

    EXPECT_TRUE(wire.run_until([&] { return late.came; }));
}

TEST(Hurry, MayBeginWhileADeadlinePasses) {
    struct Alarm final : TimerWheel::Node {
        explicit Alarm(TimerWheel& owner) : wheel(owner) {}
        void on_deadline() override { wheel.hurry(); }
        TimerWheel& wheel;
    };
    support::Wire wire;
    Alarm alarm(wire.wheel);
    Reminder in_an_hour;
    wire.wheel.arm(in_an_hour, hours(1));

    wire.wheel.arm(alarm, policy::Duration(1));

    EXPECT_TRUE(wire.run_until([&] { return in_an_hour.came; }));
}

}  // namespace
}  // namespace gateway
