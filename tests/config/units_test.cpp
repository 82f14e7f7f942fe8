#include "config/units.h"

#include <gtest/gtest.h>

namespace config {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Units, DurationsHaveFiveUnits) {
    EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
    EXPECT_EQ(parse_duration("30s"), seconds(30));
    EXPECT_EQ(parse_duration("15m"), minutes(15));
    EXPECT_EQ(parse_duration("8h"), hours(8));
    EXPECT_EQ(parse_duration("7d"), hours(168));
}

TEST(Units, WhatIsNoDurationIsRefused) {
    for (const auto* text :
         {"", "30", "s", "-1s", "+1s", "1.5h", "1 s", "1s ", "1S", "1w", "1h30m"}) {
        EXPECT_FALSE(parse_duration(text)) << text;
    }
}

TEST(Units, DurationsThatDoNotFitAreRefused) {
    EXPECT_FALSE(parse_duration("9223372036854775808ms"));
    EXPECT_FALSE(parse_duration("106751991168d"));
    EXPECT_TRUE(parse_duration("106751991167d"));
}

TEST(Units, SizesHaveBinaryUnits) {
    EXPECT_EQ(parse_size("512B"), 512U);
    EXPECT_EQ(parse_size("16KiB"), 16384U);
    EXPECT_EQ(parse_size("1MiB"), 1048576U);
}

TEST(Units, WhatIsNoSizeIsRefused) {
    for (const auto* text :
         {"", "512", "B", "16KB", "16kib", "1 MiB", "1GiB", "18446744073709551615KiB"}) {
        EXPECT_FALSE(parse_size(text)) << text;
    }
}

TEST(Units, AThresholdIsACountWithinATime) {
    const auto threshold = parse_threshold("5 in 15m");

    ASSERT_TRUE(threshold);
    EXPECT_EQ(threshold->count, 5U);
    EXPECT_EQ(threshold->window, minutes(15));
}

TEST(Units, AThresholdThatIsOffIsNotWatched) {
    ASSERT_TRUE(parse_threshold("off"));
    EXPECT_EQ(parse_threshold("off")->count, 0U);
}

TEST(Units, WhatIsNoThresholdIsRefused) {
    for (const auto* text : {"", "5", "in", "5 in", "5 in 15", "0 in 15m", "5 in 0s", "-5 in 15m",
                             "4294967296 in 1m", "5  in 15m"}) {
        EXPECT_FALSE(parse_threshold(text)) << text;
    }
}

TEST(Units, TextsUseTheLargestUnitWithoutAFraction) {
    EXPECT_EQ(duration_text(milliseconds(0)), "0ms");
    EXPECT_EQ(duration_text(milliseconds(1500)), "1500ms");
    EXPECT_EQ(duration_text(minutes(90)), "90m");
    EXPECT_EQ(duration_text(hours(48)), "2d");
    EXPECT_EQ(size_text(32767), "32767B");
    EXPECT_EQ(size_text(4096), "4KiB");
}

}  // namespace

}  // namespace config
