#include "policy/csrf.h"

#include <gtest/gtest.h>

#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

bool is_own(const Fields& fields) {
    auto head = support::head(Method::Post, "/logout");
    for (const auto& [name, value] : fields) head.fields.add(name, value);
    return is_from_own_page(support::facts(head));
}

TEST(Csrf, FetchMetadataDecidesWhereItIsThere) {  // XSR-001
    EXPECT_TRUE(is_own({{"Sec-Fetch-Site", "same-origin"}}));
    for (const auto* site : {"same-site", "cross-site", "none", "", "Same-Origin", "same-origin "})
        EXPECT_FALSE(is_own({{"Sec-Fetch-Site", site}, {"Origin", "https://app.test"}})) << site;
}

TEST(Csrf, ElseTheOriginHasToBeOurs) {  // XSR-002
    EXPECT_TRUE(is_own({{"Origin", "https://app.test"}}));
    EXPECT_TRUE(is_own({{"Origin", "https://APP.test:443"}}));
    for (const auto* origin : {"http://app.test", "https://app.test:8443", "https://evil.test",
                               "https://app.test.evil.test", "null", ""})
        EXPECT_FALSE(is_own({{"Origin", origin}, {"Referer", "https://app.test/"}})) << origin;
}

TEST(Csrf, ElseTheReferer) {
    EXPECT_TRUE(is_own({{"Referer", "https://app.test/page?x=1"}}));
    EXPECT_TRUE(is_own({{"Referer", "https://app.test"}}));
    for (const auto* referer : {"https://evil.test/?https://app.test/",
                                "https://app.test@evil.test/", "/page", "", "http://app.test/"})
        EXPECT_FALSE(is_own({{"Referer", referer}})) << referer;
}

TEST(Csrf, WhoSaysNothingOrSaysItTwiceIsNotOurs) {
    EXPECT_FALSE(is_own({}));
    EXPECT_FALSE(is_own({{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "same-origin"}}));
    EXPECT_FALSE(is_own({{"Origin", "https://app.test"}, {"Origin", "https://app.test"}}));
    EXPECT_FALSE(is_own({{"Referer", "https://app.test/"}, {"Referer", "https://app.test/"}}));
}

}  // namespace
}  // namespace policy
