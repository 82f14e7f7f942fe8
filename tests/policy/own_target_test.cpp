#include "policy/own_target.h"

#include <gtest/gtest.h>

#include "tests/support/policy_parts.h"

namespace policy {
namespace {

std::string target_of(std::string_view location) {
    const auto head = support::head(Method::Post, "/app/login?x=1");
    return own_target(location, support::facts(head)).value_or("(elsewhere)");
}

TEST(OwnTarget, IsThePathAndQueryOfALocationOnTheSameHost) {
    EXPECT_EQ(target_of("/home?a=b#top"), "/home?a=b");
    EXPECT_EQ(target_of("http://app.test/home"), "/home");
    EXPECT_EQ(target_of("HTTPS://APP.test:8443/home"), "/home");
    EXPECT_EQ(target_of("//app.test/home"), "/home");
    EXPECT_EQ(target_of("https://app.test"), "/");
    EXPECT_EQ(target_of("https://app.test?a"), "/?a");
}

TEST(OwnTarget, IsRelativeToWhatWasAsked) {
    EXPECT_EQ(target_of("home"), "/app/home");
    EXPECT_EQ(target_of("?user=ada"), "/app/login?user=ada");
    EXPECT_EQ(target_of("#top"), "/app/login?x=1");
}

TEST(OwnTarget, IsNothingForOtherHostsAndWhatCannotBeRead) {
    for (const auto* location :
         {"https://other.test/", "//other.test/x", "https://app.test.evil/", "ftp://app.test/",
          "javascript:alert(1)", "https://ada@app.test/", "https:///x"})
        EXPECT_EQ(target_of(location), "(elsewhere)") << location;
}

TEST(OwnTarget, IsAPageWhenItHasItsPathAndAllOfItsParameters) {
    EXPECT_TRUE(is_page("/login", "/login"));
    EXPECT_TRUE(is_page("/login?error=1", "/login"));
    EXPECT_TRUE(is_page("/doku.php?id=x&do=login", "/doku.php?do=login"));
    EXPECT_TRUE(is_page("/%6cogin", "/login"));
    EXPECT_FALSE(is_page("/doku.php?id=x", "/doku.php?do=login"));
    EXPECT_FALSE(is_page("/doku.php?do=login&do=x", "/doku.php?do=login"));
    EXPECT_FALSE(is_page("/login/x", "/login"));
    EXPECT_FALSE(is_page("/login", ""));
}

}  // namespace
}  // namespace policy
