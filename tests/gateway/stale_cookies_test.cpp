#include "gateway/stale_cookies.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/policy_parts.h"

namespace gateway {
namespace {

using policy::CookieMode;

bool is_suffix(std::string_view domain) {
    return domain == "org" || domain == "example.net";
}

struct StaleCookiesTest : testing::Test {
    std::string host = "wiki.example.org";
    std::string target = "/";
    std::string session;
    policy::Backend backend;
    session::Vault vault;
    policy::RouteTable routes;
    std::unique_ptr<StaleCookies> stale;

    StaleCookiesTest() { backend.cookies.rules = {{"*", CookieMode::Vault}}; }

    // The lines for a browser that sent `names`.
    std::vector<std::string> lines(std::vector<std::string_view> names) {
        if (!stale) stale = std::make_unique<StaleCookies>(routes, is_suffix);
        const auto head = support::request({{"Host", host}});
        const auto facts = policy::read_facts(head, target, support::address("192.0.2.7")).value();
        return stale->remove({names, facts, backend, session, &vault});
    }

    static bool any(const std::vector<std::string>& lines, std::string_view part) {
        return std::any_of(lines.begin(), lines.end(), [part](const std::string& line) {
            return line.find(part) != std::string::npos;
        });
    }

    static policy::Route route_of(std::string host, CookieMode mode) {
        auto route = support::public_route();
        route.host = std::move(host);
        policy::Backend other;
        other.cookies.rules = {{"lang", mode}};
        route.backend = std::make_shared<policy::Backend>(std::move(other));
        return route;
    }
};

TEST_F(StaleCookiesTest, AreTakenFromTheHostAndTheDomainsAbove) {
    const auto told = lines({"SID"});

    ASSERT_EQ(told.size(), 3u);
    EXPECT_EQ(told[0], "SID=; Path=/; Max-Age=0; Secure; HttpOnly");
    EXPECT_TRUE(any(told, "Domain=wiki.example.org;"));
}

TEST_F(StaleCookiesTest, AreKnownByARuleOrByTheVault) {
    backend.cookies.rules = {{"lang", CookieMode::Drop}};
    vault.apply("SID=1", {"app", host, "/"}, {}, {});
    const auto head = support::request({{"Host", host}});
    const auto facts = policy::read_facts(head, target, support::address("192.0.2.7")).value();
    const std::vector<std::string_view> names{"SID", "consent", "lang", "SSO"};

    EXPECT_EQ(StaleCookies::known({names, facts, backend, session, &vault}),
              (std::vector<std::string_view>{"SID", "lang"}));
    EXPECT_EQ(StaleCookies::known({names, facts, backend, session, nullptr}),
              (std::vector<std::string_view>{"lang"}));
}

TEST_F(StaleCookiesTest, ThatTheVaultKnowsAreTakenFromTheWholeDomain) {
    vault.apply("SID=1", {"app", host, "/"}, {}, {});

    EXPECT_TRUE(any(lines({"SID"}), "Domain=example.org;"));
}

TEST_F(StaleCookiesTest, ThatARuleNamesAreTakenFromTheWholeDomain) {
    backend.cookies.rules = {{"SID*", CookieMode::Drop}};

    EXPECT_TRUE(any(lines({"SID1"}), "Domain=example.org;"));
}

TEST_F(StaleCookiesTest, AreTakenFromNoPublicSuffix) {
    host = "wiki.example.net";
    backend.cookies.rules = {{"SID", CookieMode::Vault}};

    EXPECT_FALSE(any(lines({"SID"}), "Domain=example.net"));
}

TEST_F(StaleCookiesTest, AreTakenAwayOnce) {
    EXPECT_FALSE(lines({"SID"}).empty());

    EXPECT_TRUE(lines({"SID"}).empty());
    EXPECT_FALSE(lines({"OTHER", "SID"}).empty());
}

TEST_F(StaleCookiesTest, OfAnotherFolderAreAnotherThing) {
    lines({"SID"});

    target = "/deep/page";
    EXPECT_TRUE(any(lines({"SID"}), "Path=/deep;"));
}

TEST_F(StaleCookiesTest, OfAnotherSessionAreAnotherThing) {
    lines({"SID"});

    session = "0123456789abcdef";
    EXPECT_FALSE(lines({"SID"}).empty());
}

TEST_F(StaleCookiesTest, AreNotRepeatedWithoutEnd) {
    std::size_t answers = 0;
    for (int folder = 0; folder < 1000; ++folder) {
        target = "/" + std::to_string(folder) + "/page";
        answers += lines({"SID"}).empty() ? 0 : 1;
    }

    EXPECT_EQ(answers, StaleCookies::kMostTold);
}

TEST_F(StaleCookiesTest, AreBoundedInOneAnswer) {
    target = "/a/b/c/d";
    std::vector<std::string> names;
    for (int i = 0; i < 50; ++i) names.push_back("N" + std::to_string(i));

    const auto told = lines({names.begin(), names.end()});

    EXPECT_LE(told.size(), 64u);
    EXPECT_FALSE(any(told, "N8="));
}

TEST_F(StaleCookiesTest, WhoseNameIsNoTokenCannotBeNamed) {
    EXPECT_TRUE(lines({"a b", "a\"b", " SID"}).empty());
}

TEST_F(StaleCookiesTest, ThatAnotherBackendReleasesStay) {
    for (const auto mode : {CookieMode::Pass, CookieMode::Harden, CookieMode::Readable}) {
        routes = policy::RouteTable({route_of(host, mode)});
        stale.reset();

        EXPECT_TRUE(lines({"lang"}).empty());
        EXPECT_FALSE(lines({"SID"}).empty());
    }
}

TEST_F(StaleCookiesTest, ThatAnotherHostReleasesStayInTheCommonDomain) {
    routes = policy::RouteTable({route_of("erp.example.org", CookieMode::Pass)});
    vault.apply("lang=1", {"app", host, "/"}, {}, {});

    const auto told = lines({"lang"});

    EXPECT_TRUE(any(told, "Domain=wiki.example.org;"));
    EXPECT_FALSE(any(told, "Domain=example.org"));
}

}  // namespace
}  // namespace gateway
