#include "policy/match.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

TEST(Match, WhatCannotBeKnownStaysUnknown) {
    EXPECT_EQ(opposite(Match::Doubtful), Match::Doubtful);
    EXPECT_EQ(both(Match::Yes, Match::Doubtful), Match::Doubtful);
    EXPECT_EQ(either(Match::No, Match::Doubtful), Match::Doubtful);
}

TEST(Match, WhatDecidesAloneDecides) {
    EXPECT_EQ(both(Match::No, Match::Doubtful), Match::No);
    EXPECT_EQ(either(Match::Yes, Match::Doubtful), Match::Yes);
    EXPECT_EQ(opposite(Match::No), Match::Yes);
    EXPECT_EQ(opposite(Match::Yes), Match::No);
}

}  // namespace
}  // namespace policy
