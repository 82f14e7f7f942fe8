#include "policy/learn/cookie_lines.h"

#include <gmock/gmock.h>

#include "tests/support/recording.h"

namespace policy::learn {
namespace {

using support::in;
using testing::IsEmpty;

CookieFate fate_of(const std::string& line) {
    return cookie_lines(in(Step::Visit, "GET", "/").sets(line).operator Exchange().response)
        .at(0)
        .fate;
}

TEST(CookieLines, ADeletionNeedsAnExpiryInThePast) {
    EXPECT_EQ(fate_of("a=deleted; expires=Thu, 01 Jan 1970 00:00:01 GMT"), CookieFate::Deleted);
    EXPECT_EQ(fate_of("a=; Max-Age=0"), CookieFate::Deleted);
    EXPECT_EQ(fate_of("a=x; Max-Age=-1"), CookieFate::Deleted);
    EXPECT_EQ(fate_of("a=deleted"), CookieFate::Emptied);
    EXPECT_EQ(fate_of("a=-del-; expires=Fri, 02 Mar 2029 10:00:00 GMT"), CookieFate::Emptied);
    EXPECT_EQ(fate_of("a="), CookieFate::Emptied);
    EXPECT_EQ(fate_of("a=x"), CookieFate::Set);
}

TEST(CookieLines, WhatIsThePastTheDateOfTheAnswerSays) {
    auto exchange = in(Step::Visit, "GET", "/").sets("a=x; expires=Mon, 02 Mar 2026 10:00:00 GMT");
    exchange.answer("Date", "Mon, 02 Mar 2026 11:00:00 GMT");

    EXPECT_EQ(cookie_lines(exchange.operator Exchange().response)[0].fate, CookieFate::Deleted);
    EXPECT_EQ(fate_of("a=x; expires=Mon, 02 Mar 2026 10:00:00 GMT"), CookieFate::Set);
}

TEST(CookieLines, TheLastLineOfANameCounts) {
    const Exchange exchange =
        in(Step::Logout, "POST", "/").sets("a=1").sets("b=2").sets("a=deleted; Max-Age=0");

    const auto effects = cookie_effects(exchange.response);

    ASSERT_EQ(effects.size(), 2);
    EXPECT_EQ(find_cookie(effects, "a")->fate, CookieFate::Deleted);
    EXPECT_EQ(find_cookie(effects, "b")->fate, CookieFate::Set);
    EXPECT_EQ(find_cookie(effects, "c"), nullptr);
    EXPECT_EQ(cookie_lines(exchange.response).size(), 3);
}

TEST(CookieLines, LinesThatBrowsersIgnoreAreLeftOut) {
    EXPECT_THAT(cookie_lines(in(Step::Visit, "GET", "/").sets("=x").operator Exchange().response),
                IsEmpty());
}

TEST(CookieLines, LongTailsOfNamesBecomeGlobs) {
    EXPECT_EQ(cookie_glob("DW68700bfd16c2027de7de74a5a8202a6f"), "DW*");
    EXPECT_EQ(cookie_glob("wordpress_logged_in_37d007a56d816107ce5b52c10342db37"),
              "wordpress_logged_in_*");
    EXPECT_EQ(cookie_glob("pmaAuth-1"), "pmaAuth-1");
    EXPECT_EQ(cookie_glob("JSESSIONID"), "JSESSIONID");
    EXPECT_EQ(cookie_glob("deadbeefdeadbeef"), "deadbeefdeadbeef");
    EXPECT_EQ(cookie_glob("0123456789abcdef"), "0123456789abcdef");
}

TEST(CookieLines, SessionsAreKnownByNameOrKind) {
    for (const auto* name : {"PHPSESSID", "JSESSIONID", "connect.sid", "sid", "ASP.NET_SessionId"})
        EXPECT_TRUE(is_session_name(name)) << name;
    EXPECT_FALSE(is_session_name("lang"));

    CookieLine cookie;
    cookie.name = "DokuWiki";
    EXPECT_FALSE(is_session_cookie(cookie));
    cookie.http_only = true;
    EXPECT_TRUE(is_session_cookie(cookie));
    cookie.is_lasting = true;
    EXPECT_FALSE(is_session_cookie(cookie));
}

}  // namespace
}  // namespace policy::learn
