#include "gateway/audit/time_text.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

TEST(TimeText, IsUtcWithMilliseconds) {
    using namespace std::chrono;
    const auto day = sys_days(year(2026) / January / 31);

    EXPECT_EQ(to_text(day + 23h + 59min + 59s + 7ms), "2026-01-31T23:59:59.007Z");
    EXPECT_EQ(to_text(policy::Instant{}), "1970-01-01T00:00:00.000Z");
}

}  // namespace
}  // namespace gateway
