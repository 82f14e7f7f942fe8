// What the client is told to keep: for how long, how often, and where (CKI-004, CKI-011, SID-003).

#include <gtest/gtest.h>

#include "session/manager.h"
#include "tests/session/browser.h"

namespace {

using namespace fixtures;
using policy::Reason;
using policy::Transport;

session::ManagerSettings persistent() {
    session::ManagerSettings settings;
    settings.cookie.is_persistent = true;
    return settings;
}

bool lasts(const session::Committed& committed, int seconds) {
    return committed.set_cookie.ends_with("; Max-Age=" + std::to_string(seconds));
}

TEST(ManagerCookie, LastsUntilTheSessionWouldGoIdle) {
    Gateway gateway(persistent());
    Browser browser(gateway);

    EXPECT_TRUE(lasts(browser.visit({cookies_set({"a=1"})}), 600));
    EXPECT_TRUE(lasts(browser.visit({logged_in()}), 1800));
}

TEST(ManagerCookie, LastsNoLongerThanTheSessionCan) {
    Gateway gateway(persistent());
    Browser browser(gateway);
    browser.visit({logged_in()});
    session::Committed last;
    for (int i = 0; i < 19; ++i) {
        gateway.clock.advance(25min);
        last = browser.visit({});
    }

    EXPECT_TRUE(lasts(last, 5 * 60)) << last.set_cookie;
    gateway.clock.advance(1min);
    const auto committed = browser.visit({policy::PrivilegeChanged{}});
    EXPECT_TRUE(lasts(committed, 4 * 60)) << committed.set_cookie;
}

TEST(ManagerCookie, IsRenewedOnceAtItsShareOfTheLifetime) {
    auto settings = persistent();
    settings.rotation.every = 24h;
    Gateway gateway(settings);
    Browser browser(gateway);
    browser.visit({logged_in()});
    const auto value = browser.cookie;
    gateway.clock.advance(15min - 1ms);
    EXPECT_TRUE(browser.visit({}).set_cookie.empty());
    gateway.clock.advance(1ms);
    const auto first = browser.load(), second = browser.load();

    EXPECT_TRUE(lasts(gateway.commit(first, {}).value(), 1800));
    EXPECT_TRUE(gateway.commit(second, {}).value().set_cookie.empty()) << "who came in parallel";
    EXPECT_EQ(browser.cookie, value);
}

TEST(ManagerCookie, ComesWithEveryAnswerWhenItRolls) {
    auto settings = persistent();
    settings.cookie.is_rolling = true;
    Gateway gateway(settings);
    Browser browser(gateway);
    browser.visit({logged_in()});

    for (int i = 0; i < 3; ++i) EXPECT_TRUE(lasts(browser.visit({}), 1800));
}

TEST(ManagerCookie, OfASessionThatEndedMeanwhileIsNotRenewed) {
    auto settings = persistent();
    settings.cookie.is_rolling = true;
    Gateway gateway(settings);
    Browser browser(gateway);
    browser.visit({logged_in()});
    const auto slow = browser.load();
    browser.visit({policy::LoggedOut{}});

    const auto committed = gateway.commit(slow, {}).value();

    EXPECT_TRUE(committed.is_late);
    EXPECT_TRUE(committed.set_cookie.empty());
}

TEST(ManagerCookie, HasASecondOneWithoutWhichNothingIsWritten) {
    session::ManagerSettings settings;
    settings.cookie.has_write_cookie = true;
    Gateway gateway(settings);
    Browser browser(gateway);

    const auto committed = browser.visit({logged_in()});

    ASSERT_EQ(committed.fields.size(), 1U);
    EXPECT_EQ(committed.fields[0].name, "Set-Cookie");
    EXPECT_TRUE(committed.fields[0].value.starts_with("__Host-Http-session-write=v1.k1."));
    EXPECT_FALSE(browser.load().facts().may_write);
    const auto over = browser.visit({policy::LoggedOut{}});
    EXPECT_TRUE(over.fields[0].value.starts_with("__Host-Http-session-write=; "));
}

struct ApiClient {
    ApiClient()
        : gateway([] {
              session::ManagerSettings settings;
              settings.header = "X-Api-Session";
              return settings;
          }()) {}

    session::Visit visit() const {
        auto visit = gateway.visit();
        visit.transport = Transport::Header;
        if (!token.empty()) visit.token = token;
        return visit;
    }
    session::Loaded load(std::vector<policy::CookiePair> cookies = {}) {
        return support::run(gateway.manager.load(cookies, visit())).value();
    }
    session::Committed commit(const Events& events) {
        const auto loaded = load();
        auto committed = support::run(gateway.manager.commit(loaded, events, visit())).value();
        if (!committed.fields.empty()) token = committed.fields[0].value;
        return committed;
    }

    Gateway gateway;
    std::string token;
};

TEST(ManagerHeader, CarriesTheSessionOfAClientWithoutCookies) {
    ApiClient api;

    const auto committed = api.commit({logged_in()});

    EXPECT_TRUE(committed.set_cookie.empty());
    ASSERT_EQ(committed.fields.size(), 1U);
    EXPECT_EQ(committed.fields[0].name, "X-Api-Session");
    EXPECT_EQ(api.load().facts().user->text(), "alice");
    api.gateway.clock.advance(15min);
    const auto before = api.token;
    api.commit({});
    EXPECT_NE(api.token, before) << "it rotates, too";
    EXPECT_TRUE(api.load().session);
}

TEST(ManagerHeader, IsClearedAtTheEnd) {
    ApiClient api;
    api.commit({logged_in()});

    const auto over = api.commit({policy::LoggedOut{}});

    EXPECT_EQ(over.fields[0], (policy::OwnField{"X-Api-Session", ""}));
}

TEST(ManagerHeader, AndACookieAreOneTooMany) {
    ApiClient api;
    api.commit({logged_in()});

    const auto both = api.load({{"__Host-Http-session", "x"}});

    EXPECT_EQ(both.refused, Reason::AmbiguousSessionCookie);
    EXPECT_FALSE(api.load({{"other", "x"}}).refused == Reason::AmbiguousSessionCookie);
}

TEST(ManagerHeader, IsNotReadWhereTheSessionIsInACookie) {
    ApiClient api;
    api.commit({logged_in()});
    auto visit = api.visit();
    visit.transport = Transport::Cookie;
    const std::vector<policy::CookiePair> as_cookie{{"__Host-Http-session", api.token}};

    EXPECT_FALSE(support::run(api.gateway.manager.load({}, visit)).value().session);
    EXPECT_EQ(support::run(api.gateway.manager.load(as_cookie, visit)).value().refused,
              Reason::ForgedId);
}

}  // namespace
