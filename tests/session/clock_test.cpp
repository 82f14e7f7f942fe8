#include "session/clock.h"

#include <gtest/gtest.h>

#include "tests/session/fixtures.h"

namespace {

using namespace fixtures;

TEST(HighWater, FollowsTimeForward) {
    session::HighWater water;

    EXPECT_EQ(water.raise(kStart), kStart);
    EXPECT_EQ(water.raise(kStart + 1s), kStart + 1s);
}

TEST(HighWater, DoesNotFollowAStepBack) {
    session::HighWater water;
    (void)water.raise(kStart);

    EXPECT_EQ(water.raise(kStart - 1h), kStart);
    EXPECT_EQ(water.raise(kStart + 1ms), kStart + 1ms);
}

TEST(SystemClock, NeverAnswersEarlierThanBefore) {
    const session::SystemClock clock;
    const auto first = clock.now();

    EXPECT_GE(clock.now(), first);
    EXPECT_GT(first, policy::Instant{});
}

}  // namespace
