#include "config/nearest.h"

#include <array>

#include <gtest/gtest.h>

namespace config {

namespace {

constexpr std::array<std::string_view, 4> kKnown{"idle_timeout", "absolute_timeout", "id", "file"};

TEST(Nearest, FindsTheWordWithASlip) {
    EXPECT_EQ(nearest("idle_timout", kKnown), "idle_timeout");
    EXPECT_EQ(nearest("idle-timeout", kKnown), "idle_timeout");
    EXPECT_EQ(nearest("absolut_timeout", kKnown), "absolute_timeout");
    EXPECT_EQ(nearest("flie", kKnown), "");
    EXPECT_EQ(nearest("fil", kKnown), "file");
}

TEST(Nearest, AnotherWordIsNoSlip) {
    EXPECT_EQ(nearest("redis", kKnown), "");
    EXPECT_EQ(nearest("", kKnown), "");
    EXPECT_EQ(nearest(std::string(100'000, 'i'), kKnown), "");
}

TEST(Nearest, ListsWords) {
    EXPECT_EQ(list_of(kKnown), "idle_timeout, absolute_timeout, id, file");
}

}  // namespace

}  // namespace config
