#include "policy/http/set_cookie.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/case_file.h"

namespace policy {
namespace {

constexpr Instant kNow = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

std::string text_of(const std::optional<std::chrono::seconds>& age) {
    return age ? std::to_string(age->count()) : "";
}

std::string text_of(const std::optional<Instant>& instant) {
    if (!instant) return "";
    return std::to_string(
        std::chrono::floor<std::chrono::seconds>(*instant).time_since_epoch().count());
}

std::string text_of(SameSite same_site) {
    switch (same_site) {
        case SameSite::Unset:
            return "";
        case SameSite::None:
            return "None";
        case SameSite::Lax:
            return "Lax";
        case SameSite::Strict:
            return "Strict";
    }
    return {};
}

std::string flags_of(const SetCookie& cookie) {
    if (cookie.secure && cookie.http_only) return "Secure HttpOnly";
    if (cookie.secure) return "Secure";
    return cookie.http_only ? "HttpOnly" : "";
}

void expect_cookie(const support::Case& each, const SetCookie& cookie) {
    EXPECT_EQ(cookie.name, each.text("name"));
    EXPECT_EQ(cookie.value, each.text("value"));
    EXPECT_EQ(cookie.domain.value_or(""), each.text("domain"));
    EXPECT_EQ(cookie.path.value_or(""), each.text("path"));
    EXPECT_EQ(text_of(cookie.max_age), each.text("max-age"));
    EXPECT_EQ(text_of(cookie.expires), each.text("expires"));
    EXPECT_EQ(flags_of(cookie), each.text("flags"));
    EXPECT_EQ(text_of(cookie.same_site), each.text("same-site"));
    EXPECT_EQ(cookie.is_deletion(kNow), each.has("deletes"));
}

TEST(SetCookie, IsReadAsTheTableSays) {
    for (const auto& each : support::read_cases("set_cookies.txt")) {
        SCOPED_TRACE(each);
        const auto line = each.text("in");

        const auto cookie = parse_set_cookie(line);

        ASSERT_EQ(cookie.has_value(), !each.has("ignored"));
        if (!cookie) continue;
        expect_cookie(each, *cookie);
        // CKI-009
        if (each.has("hardened")) {
            EXPECT_EQ(harden(*cookie, line), each.text("hardened"));
        }
    }
}

TEST(SetCookie, AReadableOneHasNoHttpOnly) {
    const std::string line = "a=b; HttpOnly; Domain=x.test; Path=/x; samesite=none";

    EXPECT_EQ(harden(*parse_set_cookie(line), line, Scripts::MayRead),
              "a=b; Path=/x; Secure; SameSite=None");
}

TEST(SetCookie, ItsPathCanBeReplaced) {
    const std::string line = "a = b; path=/x; HttpOnly; Path = y;";

    EXPECT_EQ(with_path(*parse_set_cookie(line), line, "/z"), "a=b; HttpOnly; Path=/z");
}

TEST(SetCookie, HardeningTwiceChangesNothing) {
    for (const auto& each : support::read_cases("set_cookies.txt")) {
        SCOPED_TRACE(each);
        const auto line = each.text("in");
        const auto cookie = parse_set_cookie(line);
        if (!cookie) continue;
        const auto once = harden(*cookie, line);

        const auto twice = harden(*parse_set_cookie(once), once);

        EXPECT_EQ(twice, once);
    }
}

TEST(SetCookie, NameAndValueMayHave4096BytesTogether) {
    EXPECT_TRUE(parse_set_cookie("a=" + std::string(4095, 'v')).has_value());
    EXPECT_FALSE(parse_set_cookie("a=" + std::string(4096, 'v')).has_value());
}

TEST(SetCookie, AnAttributeLongerThan1024BytesIsIgnored) {
    const auto path = "/" + std::string(1023, 'p');
    const auto line = "a=b; Path=" + path + "; Path=" + path + "p";

    const auto cookie = parse_set_cookie(line);

    ASSERT_TRUE(cookie.has_value());
    EXPECT_EQ(cookie->path, path);
}

TEST(SetCookie, ADateIsOverWhenItsSecondHasCome) {
    const auto cookie = parse_set_cookie("a=b; Expires=Thu, 01 Jan 2026 00:00:00 GMT");

    EXPECT_TRUE(cookie->is_deletion(kNow));
    EXPECT_FALSE(cookie->is_deletion(kNow - Duration{1}));
}

TEST(DomainMatch, CoversTheNameAndWhatLiesBelow) {
    EXPECT_TRUE(domain_matches("example.org", "example.org"));
    EXPECT_TRUE(domain_matches("wiki.example.org", "example.org"));
    EXPECT_FALSE(domain_matches("badexample.org", "example.org"));
    EXPECT_FALSE(domain_matches("example.org", "wiki.example.org"));
    EXPECT_FALSE(domain_matches("example.org", ""));
}

TEST(DomainMatch, AddressesMatchOnlyThemselves) {
    EXPECT_TRUE(domain_matches("192.0.2.1", "192.0.2.1"));
    EXPECT_FALSE(domain_matches("192.0.2.1", "2.1"));
    EXPECT_TRUE(domain_matches("[::1]", "[::1]"));
}

TEST(PathMatch, EndsAtASegmentBoundary) {
    EXPECT_TRUE(path_matches("/app", "/app"));
    EXPECT_TRUE(path_matches("/app/x", "/app"));
    EXPECT_TRUE(path_matches("/app/x", "/app/"));
    EXPECT_TRUE(path_matches("/app", "/"));
    EXPECT_FALSE(path_matches("/application", "/app"));
    EXPECT_FALSE(path_matches("/app", "/app/"));
    EXPECT_FALSE(path_matches("/", "/app"));
    EXPECT_FALSE(path_matches("/app", ""));
}

TEST(DefaultCookiePath, IsTheFolderOfTheRequest) {
    EXPECT_EQ(default_cookie_path("/a/b/c"), "/a/b");
    EXPECT_EQ(default_cookie_path("/a/b/"), "/a/b");
    EXPECT_EQ(default_cookie_path("/a"), "/");
    EXPECT_EQ(default_cookie_path("/"), "/");
    EXPECT_EQ(default_cookie_path(""), "/");
    EXPECT_EQ(default_cookie_path("a/b"), "/");
}

}  // namespace
}  // namespace policy
