#include "policy/http/target.h"

#include <string>
#include <type_traits>

#include <gtest/gtest.h>

#include "tests/support/case_file.h"

namespace policy {
namespace {

static_assert(!std::is_default_constructible_v<NormalPath>);

NormalPath path_of(std::string_view raw) {
    return parse_target(raw).value().path;
}

// HTP-011, IDF-006
TEST(Target, IsReadAsTheTableSays) {
    for (const auto& each : support::read_cases("targets.txt")) {
        SCOPED_TRACE(each);
        const auto input = each.text("in");

        const auto target = parse_target(input);

        if (each.has("refused")) {
            ASSERT_FALSE(target.has_value()) << target->path.text();
            EXPECT_EQ(word(target.error().reason), each.text("refused"));
            continue;
        }
        ASSERT_TRUE(target.has_value()) << word(target.error().reason);
        EXPECT_EQ(target->path.text(), each.text("path"));
        EXPECT_EQ(target->query, each.text("query"));
        EXPECT_EQ(target->authority, each.text("authority"));
        EXPECT_EQ(target->origin, each.has("forward") ? each.text("forward") : input);
        EXPECT_EQ(target->is_ambiguous(), each.has("ambiguous"));
    }
}

TEST(Target, TheBackendGetsTheVeryBytesThatWereJudged) {
    const std::string_view raw = "/%61dmin?x";

    const auto target = parse_target(raw);

    EXPECT_EQ(target->origin.data(), raw.data());
    EXPECT_EQ(target->query.data(), raw.data() + 9);
}

TEST(NormalPath, IsUnderAPrefixAtASegmentBoundaryOnly) {
    EXPECT_TRUE(path_of("/app").is_under("/app"));
    EXPECT_TRUE(path_of("/app/").is_under("/app"));
    EXPECT_TRUE(path_of("/app/x").is_under("/app"));
    EXPECT_FALSE(path_of("/application").is_under("/app"));
    EXPECT_FALSE(path_of("/ap").is_under("/app"));
    EXPECT_FALSE(path_of("/App").is_under("/app"));
}

TEST(NormalPath, APrefixWithASlashCoversWhatLiesBelow) {
    EXPECT_TRUE(path_of("/app/").is_under("/app/"));
    EXPECT_TRUE(path_of("/app/x").is_under("/app/"));
    EXPECT_FALSE(path_of("/app").is_under("/app/"));
    EXPECT_TRUE(path_of("/").is_under("/"));
    EXPECT_TRUE(path_of("/anything").is_under("/"));
}

TEST(NormalPath, IsUnderItsPrefixHoweverItWasSpelled) {
    EXPECT_TRUE(path_of("/%61dmin/users").is_under("/admin"));
    EXPECT_TRUE(path_of("/admi%6E").is_under("/admin"));
}

}  // namespace
}  // namespace policy
