#include "policy/cookie_rules.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

TEST(CookieRules, TheFirstMatchingPatternCounts) {
    const CookieRules rules{
        {{"lang", CookieMode::Pass}, {"track*", CookieMode::Drop}, {"*", CookieMode::Harden}},
        CookieMode::Vault};

    EXPECT_EQ(rules.mode_of("lang"), CookieMode::Pass);
    EXPECT_EQ(rules.mode_of("tracker"), CookieMode::Drop);
    EXPECT_EQ(rules.mode_of("LANG"), CookieMode::Harden) << "cookie names are case-sensitive";
}

TEST(CookieRules, WithoutARuleTheDefaultCounts) {
    EXPECT_EQ(CookieRules{}.mode_of("JSESSIONID"), CookieMode::Vault);
}

TEST(CookieRules, KnowWhichNamesTheyWereWrittenFor) {
    const CookieRules rules{{{"SID*", CookieMode::Vault}}, CookieMode::Vault};

    EXPECT_TRUE(rules.has_rule_for("SID1"));
    EXPECT_FALSE(rules.has_rule_for("_ga"));
}

TEST(CookieRules, SomeModesLetBrowsersHoldTheCookie) {
    EXPECT_TRUE(is_released(CookieMode::Pass));
    EXPECT_TRUE(is_released(CookieMode::Harden));
    EXPECT_TRUE(is_released(CookieMode::Readable));
    EXPECT_FALSE(is_released(CookieMode::Vault));
    EXPECT_FALSE(is_released(CookieMode::Drop));
}

}  // namespace
}  // namespace policy
