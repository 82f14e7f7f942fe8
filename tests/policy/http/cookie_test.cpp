#include "policy/http/cookie.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/case_file.h"
#include "tests/support/heads.h"

namespace policy {
namespace {

using support::request;

std::string text_of(const std::vector<CookiePair>& pairs) {
    std::string text;
    for (const auto& pair : pairs) text.append(pair.name).append("=").append(pair.value) += '|';
    return text;
}

// CKI-006
TEST(Cookies, AreReadAsTheTableSays) {
    for (const auto& each : support::read_cases("cookies.txt")) {
        SCOPED_TRACE(each);
        const auto input = each.text("in");

        const auto pairs = read_cookies(request({{"Cookie", input}}));

        if (each.has("refused")) {
            ASSERT_FALSE(pairs.has_value()) << text_of(*pairs);
            EXPECT_EQ(pairs.error().reason, Reason::BadCookieHeader);
        } else {
            ASSERT_TRUE(pairs.has_value());
            EXPECT_EQ(text_of(*pairs), each.text("pairs"));
        }
    }
}

TEST(Cookies, AllFieldsCountInOrder) {
    const auto head = request({{"Cookie", "a=1"}, {"X", "x=y"}, {"cOOKIE", "b=2; a=3"}});

    EXPECT_EQ(text_of(read_cookies(head).value()), "a=1|b=2|a=3|");
}

TEST(Cookies, WithoutAFieldThereAreNone) {
    EXPECT_TRUE(read_cookies(request({{"Set-Cookie", "a=b"}}))->empty());
}

TEST(Cookies, ThereMayBeAsManyAsTheLimitInAllFieldsTogether) {
    const auto head = request({{"Cookie", "a=1; b=2"}, {"Cookie", "c=3"}});

    EXPECT_TRUE(read_cookies(head, {.count = 3}).has_value());
    EXPECT_FALSE(read_cookies(head, {.count = 2}).has_value());
}

TEST(CookieName, IsAToken) {
    EXPECT_TRUE(is_cookie_name("__Host-Http-session"));
    EXPECT_FALSE(is_cookie_name(""));
    EXPECT_FALSE(is_cookie_name("a b"));
    EXPECT_FALSE(is_cookie_name("a=b"));
    EXPECT_FALSE(is_cookie_name("caf\xC3\xA9"));
}

TEST(CookieValue, HoldsNothingThatEndsAValueSomewhere) {
    EXPECT_TRUE(is_cookie_value(""));
    EXPECT_TRUE(is_cookie_value("v1.k1.abc_DEF-123=="));
    EXPECT_TRUE(is_cookie_value("\"quoted\""));
    for (const auto text :
         {"a b", "a;b", "a,b", "a\\b", "a\"b", "\"", "a\tb", "\x7f", "\xC3\xA9"}) {
        EXPECT_FALSE(is_cookie_value(text)) << text;
    }
}

}  // namespace
}  // namespace policy
