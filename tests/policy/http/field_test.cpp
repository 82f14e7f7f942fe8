#include "policy/http/field.h"

#include <gtest/gtest.h>

#include "tests/support/heads.h"

namespace policy {
namespace {

TEST(FieldList, FindsTheFirstFieldOfANameWithoutCase) {
    const auto fields = support::fields({{"A", "1"}, {"Set-Cookie", "x"}, {"set-COOKIE", "y"}});

    ASSERT_NE(fields.find("SET-cookie"), nullptr);
    EXPECT_EQ(fields.find("SET-cookie")->value, "x");
    EXPECT_EQ(fields.count("set-cookie"), 2U);
    EXPECT_EQ(fields.find("cookie"), nullptr);
    EXPECT_EQ(fields.count("cookie"), 0U);
}

TEST(FieldList, ListsATokenInAnyFieldOfTheName) {
    const auto fields =
        support::fields({{"Connection", "keep-alive, X-A"}, {"connection", " Upgrade"}});

    EXPECT_TRUE(fields.lists("Connection", "upgrade"));
    EXPECT_TRUE(fields.lists("Connection", "x-a"));
    EXPECT_FALSE(fields.lists("Connection", "x"));
    EXPECT_FALSE(fields.lists("Upgrade", "upgrade"));
}

TEST(FieldList, RemovesWhatAPredicateNames) {
    auto fields = support::fields({{"A", "1"}, {"B", "2"}, {"A", "3"}});

    const auto removed = fields.remove_if([](const Field& field) { return field.name == "A"; });

    EXPECT_EQ(removed, 2U);
    ASSERT_EQ(fields.size(), 1U);
    EXPECT_EQ(fields.begin()->name, "B");
}

}  // namespace
}  // namespace policy
