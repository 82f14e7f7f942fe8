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
    EXPECT_EQ(is_page("/login", "/login"), Match::Yes);
    EXPECT_EQ(is_page("/login?error=1", "/login"), Match::Yes);
    EXPECT_EQ(is_page("/doku.php?id=x&do=login", "/doku.php?do=login"), Match::Yes);
    EXPECT_EQ(is_page("/%6cogin", "/login"), Match::Yes);
    EXPECT_EQ(is_page("/doku.php?id=x", "/doku.php?do=login"), Match::No);
    EXPECT_EQ(is_page("/doku.php?do=login&do=x", "/doku.php?do=login"), Match::Doubtful);
    EXPECT_EQ(is_page("/login/x", "/login"), Match::No);
    EXPECT_EQ(is_page("/login", ""), Match::No);
    EXPECT_EQ(is_page("/login;jsessionid=1", "/login"), Match::Yes);
    EXPECT_EQ(is_page("/./login", "/login"), Match::Doubtful);
    EXPECT_EQ(is_page("/\\login", "/login"), Match::Doubtful);
}

TEST(OwnTarget, OfAnotherHostIsToldWithItsPath) {
    const auto head = support::head(Method::Post, "/app/login?x=1");
    const auto leads_to = destination("http://10.0.0.1:8080/home#top", support::facts(head));

    ASSERT_TRUE(leads_to);
    EXPECT_FALSE(leads_to->is_own_host);
    EXPECT_EQ(leads_to->target, "/home");
    EXPECT_FALSE(destination("javascript:alert(1)", support::facts(head)));
}

}  // namespace
}  // namespace policy
