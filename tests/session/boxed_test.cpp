#include "session/boxed.h"

#include <string>

#include <gtest/gtest.h>

namespace {

using session::Boxed;

TEST(Boxed, IsEmptyUntilItHoldsSomething) {
    Boxed<std::string> box;
    EXPECT_FALSE(box);

    box = std::string("x");
    ASSERT_TRUE(box);
    EXPECT_EQ(*box, "x");
    EXPECT_EQ(box->size(), 1U);

    box.reset();
    EXPECT_FALSE(box);
}

TEST(Boxed, CopiesWhatItHolds) {
    Boxed<std::string> one = std::string("x");
    auto other = one;
    *other = "y";

    EXPECT_EQ(*one, "x");
    other = one;
    EXPECT_EQ(*other, "x");
    other = Boxed<std::string>();
    EXPECT_FALSE(other);
}

TEST(Boxed, IsEqualByWhatItHolds) {
    const Boxed<std::string> one = std::string("x"), same = std::string("x"),
                             other = std::string("y"), none;

    EXPECT_EQ(one, same);
    EXPECT_FALSE(one == other);
    EXPECT_FALSE(one == none);
    EXPECT_EQ(none, Boxed<std::string>());
}

}  // namespace
