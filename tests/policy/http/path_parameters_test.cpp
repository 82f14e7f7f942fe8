#include "policy/http/path_parameters.h"

#include <gtest/gtest.h>

#include "policy/http/target.h"
#include "tests/support/case_file.h"

namespace policy {
namespace {

const std::vector<std::string> kNames{"jsessionid", "sid"};

TEST(PathParameters, AreTakenOutAsTheTableSays) {
    for (const auto& each : support::read_cases("path_parameters.txt")) {
        SCOPED_TRACE(each);
        const auto in = each.text("in");
        Arena arena;

        const auto stripped = strip_target(in, kNames, arena);

        EXPECT_EQ(stripped.text, each.has("out") ? each.text("out") : in);
        EXPECT_EQ(std::to_string(stripped.count), each.has("count") ? each.text("count") : "0");
        EXPECT_EQ(stripped.name, each.text("name"));
    }
}

TEST(PathParameters, TakingThemOutTwiceChangesNothing) {
    for (const auto& each : support::read_cases("path_parameters.txt")) {
        SCOPED_TRACE(each);
        const auto in = each.text("in");
        Arena arena;
        const auto once = strip_target(in, kNames, arena);

        const auto twice = strip_target(once.text, kNames, arena);

        EXPECT_EQ(twice.count, 0u);
        EXPECT_EQ(twice.text, once.text);
    }
}

TEST(PathParameters, WithoutOneTheVeryBytesAreReturned) {
    const std::string target = "/page%20one;v=1?x";
    Arena arena;

    const auto stripped = strip_target(target, kNames, arena);

    EXPECT_EQ(stripped.text.data(), target.data());
}

TEST(PathParameters, WithoutNamesNothingIsTakenOut) {
    Arena arena;

    EXPECT_EQ(strip_target("/page;jsessionid=1", {}, arena).text, "/page;jsessionid=1");
}

TEST(PathParameters, AnAmbiguousTargetIsNoneWithoutThem) {
    Arena arena;

    const auto target = parse_target(strip_target("/page;jsessionid=1", kNames, arena).text);

    ASSERT_TRUE(target);
    EXPECT_FALSE(target->is_ambiguous());
    EXPECT_EQ(target->origin, "/page");
}

}  // namespace
}  // namespace policy
