#include "gateway/audit/time_text.h"

#include <array>
#include <ctime>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace gateway {
namespace {

using namespace std::chrono;

constexpr policy::Instant kNewYearsEve = sys_days(year(2026) / December / 31);

// By the C library.
std::string reference(policy::Instant time) {
    const auto second = floor<seconds>(time);
    const std::time_t since = second.time_since_epoch().count();
    std::tm parts{};
    gmtime_r(&since, &parts);
    std::array<char, 32> text{};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    const auto millis = std::to_string(1000 + (time - second).count());
    return std::string(text.data(), size) + "." + millis.substr(1) + "Z";
}

TEST(TimeText, IsUtcWithMilliseconds) {
    TimeText text;
    const auto day = sys_days(year(2026) / January / 31);

    EXPECT_EQ(text.of(day + 23h + 59min + 59s + 7ms), "2026-01-31T23:59:59.007Z");
    EXPECT_EQ(text.of(policy::Instant{}), "1970-01-01T00:00:00.000Z");
}

TEST(TimeText, BeginsAtTheEpoch) {
    EXPECT_EQ(TimeText().of(policy::Instant{}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(TimeText().of(policy::Instant{} + 7ms), "1970-01-01T00:00:00.007Z");
    EXPECT_EQ(TimeText().of(policy::Instant{} - 1ms), "1969-12-31T23:59:59.999Z");
}

TEST(TimeText, FollowsTheClockAcrossEveryBoundary) {
    TimeText text;

    EXPECT_EQ(text.of(kNewYearsEve + 22h + 58min + 58s + 999ms), "2026-12-31T22:58:58.999Z");
    EXPECT_EQ(text.of(kNewYearsEve + 22h + 58min + 59s), "2026-12-31T22:58:59.000Z");
    EXPECT_EQ(text.of(kNewYearsEve + 22h + 58min + 59s + 999ms), "2026-12-31T22:58:59.999Z");
    EXPECT_EQ(text.of(kNewYearsEve + 22h + 59min), "2026-12-31T22:59:00.000Z");
    EXPECT_EQ(text.of(kNewYearsEve + 23h), "2026-12-31T23:00:00.000Z");
    EXPECT_EQ(text.of(kNewYearsEve + 24h - 1ms), "2026-12-31T23:59:59.999Z");
    EXPECT_EQ(text.of(kNewYearsEve + 24h), "2027-01-01T00:00:00.000Z");
}

TEST(TimeText, FollowsTheClockBackwards) {
    TimeText text;

    EXPECT_EQ(text.of(kNewYearsEve + 24h), "2027-01-01T00:00:00.000Z");
    EXPECT_EQ(text.of(kNewYearsEve + 24h - 1ms), "2026-12-31T23:59:59.999Z");
    EXPECT_EQ(text.of(kNewYearsEve + 24h - 1s), "2026-12-31T23:59:59.000Z");
    EXPECT_EQ(text.of(kNewYearsEve + 24h - 61s + 40ms), "2026-12-31T23:58:59.040Z");
}

TEST(TimeText, KeepsNothingOfEarlierMilliseconds) {
    TimeText text;

    EXPECT_EQ(text.of(kNewYearsEve + 987ms), "2026-12-31T00:00:00.987Z");
    EXPECT_EQ(text.of(kNewYearsEve + 1ms), "2026-12-31T00:00:00.001Z");
    EXPECT_EQ(text.of(kNewYearsEve), "2026-12-31T00:00:00.000Z");
}

TEST(TimeText, IsThatOfTheCLibraryWhereverTheClockJumps) {
    constexpr std::int64_t kYear = 365LL * 24 * 3600 * 1000;
    std::mt19937_64 random(1);
    TimeText text;
    policy::Instant time = kNewYearsEve;

    for (int i = 0; i < 20'000; ++i) {
        std::int64_t reach = 1500;
        if (i % 10 == 0) reach = kYear;
        time += milliseconds(std::uniform_int_distribution<std::int64_t>(-reach, reach)(random));
        ASSERT_EQ(text.of(time), reference(time));
    }
}

TEST(TimeText, StopsWhereItsFormEnds) {
    TimeText text;

    EXPECT_EQ(text.of(policy::Instant::max()), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(text.of(policy::Instant::min()), "0000-01-01T00:00:00.000Z");
}

}  // namespace
}  // namespace gateway
