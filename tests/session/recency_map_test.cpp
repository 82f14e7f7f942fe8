#include "session/recency_map.h"

#include <gtest/gtest.h>

namespace {

TEST(RecencyMap, RemembersWhatWasStored) {
    session::RecencyMap<int> map(2);
    map.use("a") = 1;

    EXPECT_EQ(map.use("a"), 1);
    EXPECT_EQ(map.use("b"), 0);
}

TEST(RecencyMap, DropsTheEntryThatWasUsedLeastRecently) {
    session::RecencyMap<int> map(2);
    map.use("a") = 1;
    map.use("b") = 2;
    map.use("a");

    map.use("c") = 3;

    EXPECT_EQ(map.size(), 2U);
    EXPECT_EQ(map.use("a"), 1);
    EXPECT_EQ(map.use("b"), 0);
}

TEST(RecencyMap, ForgetsWhatIsErased) {
    session::RecencyMap<int> map(2);
    map.use("a") = 1;

    map.erase("a");
    map.erase("never there");

    EXPECT_EQ(map.size(), 0U);
    EXPECT_EQ(map.use("a"), 0);
}

}  // namespace
