#include <string>

#include <gtest/gtest.h>

#include "policy/http/set_cookie.h"
#include "tests/support/case_file.h"

namespace policy {
namespace {

TEST(CookieDate, IsReadAsTheTableSays) {
    for (const auto& each : support::read_cases("cookie_dates.txt")) {
        SCOPED_TRACE(each);

        const auto date = parse_cookie_date(each.text("in"));

        if (each.text("seconds") == "none") {
            EXPECT_FALSE(date.has_value());
            continue;
        }
        ASSERT_TRUE(date.has_value());
        const auto seconds = std::chrono::floor<std::chrono::seconds>(date->time_since_epoch());
        EXPECT_EQ(std::to_string(seconds.count()), each.text("seconds"));
    }
}

}  // namespace
}  // namespace policy
