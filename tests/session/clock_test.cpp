#include "session/clock.h"

#include <gtest/gtest.h>

#include "tests/session/fixtures.h"

namespace {

using namespace fixtures;

TEST(SteadyTime, FollowsTimeForward) {
    session::SteadyTime time;

    EXPECT_EQ(time.read(kStart, 0ms), kStart);
    EXPECT_EQ(time.read(kStart + 1s, 1s), kStart + 1s);
    EXPECT_EQ(time.read(kStart + 1h, 2s), kStart + 1h) << "the machine's clock was put forward";
}

TEST(SteadyTime, GoesOnAfterAStepBack) {  // LIF-005
    session::SteadyTime time;
    (void)time.read(kStart, 10s);

    EXPECT_EQ(time.read(kStart - 1h, 10s), kStart);
    EXPECT_EQ(time.read(kStart - 1h + 5s, 15s), kStart + 5s);
}

TEST(SystemClock, NeverAnswersEarlierThanBefore) {
    const session::SystemClock clock;
    const auto first = clock.now();

    EXPECT_GE(clock.now(), first);
    EXPECT_GT(first, policy::Instant{});
}

}  // namespace
