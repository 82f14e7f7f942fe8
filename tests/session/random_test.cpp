#include "session/random.h"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

namespace {

TEST(SystemRandom, FillsWithDifferentBytesEachTime) {
    session::SystemRandom random;
    std::array<std::uint8_t, 32> first{};
    std::array<std::uint8_t, 32> second{};

    ASSERT_TRUE(random.fill(first));
    ASSERT_TRUE(random.fill(second));

    EXPECT_NE(first, second);
    EXPECT_TRUE(std::any_of(first.begin(), first.end(), [](auto byte) { return byte != 0; }));
}

TEST(SystemRandom, AcceptsNothingToFill) {
    session::SystemRandom random;

    EXPECT_TRUE(random.fill({}));
}

}  // namespace
