#include "session/failure_window.h"

#include <gtest/gtest.h>

#include "tests/session/fixtures.h"

namespace {

using namespace fixtures;

constexpr session::Threshold kThreeInAMinute{3, 60s};

TEST(FailureWindow, TellsAtExactlyTheThreshold) {
    session::FailureWindow window;

    EXPECT_FALSE(window.add(kThreeInAMinute, kStart));
    EXPECT_FALSE(window.add(kThreeInAMinute, kStart + 30s));
    EXPECT_EQ(window.add(kThreeInAMinute, kStart + 59s), 3U);
}

TEST(FailureWindow, TellsAFloodOncePerSpan) {
    session::FailureWindow window;
    int told = 0;

    for (int second = 0; second < 120; ++second) {
        if (window.add(kThreeInAMinute, kStart + std::chrono::seconds(second))) ++told;
    }

    EXPECT_EQ(told, 2);
}

TEST(FailureWindow, ForgetsWhatIsLongPast) {
    session::FailureWindow window;
    (void)window.add(kThreeInAMinute, kStart);
    (void)window.add(kThreeInAMinute, kStart + 1s);

    EXPECT_FALSE(window.add(kThreeInAMinute, kStart + 120s));
}

TEST(FailureWindow, SeesABurstThatStraddlesTwoSpans) {
    session::FailureWindow window;
    (void)window.add(kThreeInAMinute, kStart);
    (void)window.add(kThreeInAMinute, kStart + 50s);
    ASSERT_FALSE(window.add(kThreeInAMinute, kStart + 75s));  // 1 + 2 * 45/60, rounded down.

    EXPECT_EQ(window.add(kThreeInAMinute, kStart + 76s), 3U);
}

TEST(FailureWindow, NeverTellsWhenNothingIsWatched) {
    session::FailureWindow window;

    EXPECT_FALSE(window.add({}, kStart));
    EXPECT_FALSE(window.add({}, kStart));
}

}  // namespace
