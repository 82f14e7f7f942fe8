#include "session/manager.h"

#include <gtest/gtest.h>

#include "tests/session/browser.h"

namespace {

using namespace fixtures;
using policy::Event;
using policy::Reason;

class ManagerLoad : public testing::Test {
protected:
    Gateway gateway_;
    Browser browser_{gateway_};
};

TEST_F(ManagerLoad, TakesAVisitorWithoutCookieForAStranger) {
    const auto loaded = browser_.load();

    EXPECT_FALSE(loaded.session);
    EXPECT_EQ(loaded.refused, Reason::None);
    EXPECT_FALSE(loaded.cookie_is_stale);
    EXPECT_TRUE(loaded.findings.empty());
    EXPECT_EQ(gateway_.store.loads, 0);
}

TEST_F(ManagerLoad, FindsTheSessionThatItMade) {
    browser_.visit({logged_in("alice")});

    const auto loaded = browser_.load();

    ASSERT_TRUE(loaded.session);
    ASSERT_TRUE(loaded.at);
    EXPECT_EQ(loaded.facts().user->text(), "alice");
    EXPECT_EQ(loaded.facts().login, "form");
    EXPECT_EQ(loaded.facts().authenticated_at, kStart);
    EXPECT_EQ(loaded.facts().handle, loaded.at->handle().text());
    EXPECT_TRUE(loaded.findings.empty());
}

TEST_F(ManagerLoad, KnowsNoUserOfAStrangersSession) {
    browser_.visit({cookies_set({"lang=en"})});

    const auto facts = browser_.load().facts();

    EXPECT_EQ(facts.user, nullptr);
    EXPECT_FALSE(facts.handle.empty());
}

TEST_F(ManagerLoad, RefusesAForgedCookieWithoutAskingTheStore) {
    browser_.cookie =
        "v1.k1." + std::string(22, 'A') + "." + std::string(43, 'A') + "." + std::string(22, 'A');

    const auto loaded = browser_.load();

    EXPECT_EQ(loaded.refused, Reason::ForgedId);
    EXPECT_EQ(loaded.facts().refused, Reason::ForgedId);
    EXPECT_TRUE(loaded.cookie_is_stale);
    EXPECT_TRUE(tells(loaded.findings, Event::SessionIdForged));
    EXPECT_EQ(gateway_.store.loads, 0);
}

TEST_F(ManagerLoad, RefusesTwoCookiesOfItsNameAndClearsNone) {
    browser_.visit({logged_in()});
    const auto name = gateway_.manager.cookies().name();
    const std::vector<policy::CookiePair> two{{name, browser_.cookie}, {name, "x"}};

    const auto loaded = support::run(gateway_.manager.load(two, gateway_.visit()));

    EXPECT_EQ(loaded->refused, Reason::AmbiguousSessionCookie);
    EXPECT_FALSE(loaded->cookie_is_stale);
    EXPECT_FALSE(loaded->session);
    EXPECT_TRUE(tells(loaded->findings, Event::SessionCookieAmbiguous));
    EXPECT_EQ(gateway_.store.loads, 0);
}

TEST_F(ManagerLoad, RefusesAnIdThatTheStoreDoesNotKnow) {
    session::CookieFormat format({}, only_k1());
    const auto id = session::SessionId::generate(gateway_.random).value();
    const auto family = session::FamilyId::generate(gateway_.random).value();
    session::Committed committed;
    committed.set_cookie = format.issue(family, id, kHost);
    browser_.take(committed);

    const auto loaded = browser_.load();

    EXPECT_EQ(loaded.refused, Reason::UnknownId);
    EXPECT_TRUE(loaded.cookie_is_stale);
    EXPECT_TRUE(tells(loaded.findings, Event::SessionIdUnknown));
}

TEST_F(ManagerLoad, EndsASessionThatWasIdleAndSaysSoOnce) {
    browser_.visit({logged_in()});
    gateway_.clock.advance(30min);

    const auto first = browser_.load();
    const auto second = browser_.load();

    EXPECT_EQ(first.refused, Reason::IdleTimeout);
    EXPECT_TRUE(first.cookie_is_stale);
    EXPECT_FALSE(first.session);
    EXPECT_TRUE(tells(first.findings, Event::SessionExpired));
    EXPECT_EQ(second.refused, Reason::IdleTimeout);
    EXPECT_TRUE(tells(second.findings, Event::SessionUseAfterExpire));
    EXPECT_EQ(second.findings[0].arguments[0].first, "session");
    EXPECT_EQ(gateway_.store.inner.size(), 0U);
}

TEST_F(ManagerLoad, EndsASessionAtItsAbsoluteEndHoweverMuchItIsUsed) {
    browser_.visit({logged_in()});
    for (auto used = 0min; used < 475min; used += 5min) {
        gateway_.clock.advance(5min);
        ASSERT_TRUE(browser_.load().session) << used.count();
    }

    gateway_.clock.advance(5min);

    EXPECT_EQ(browser_.load().refused, Reason::AbsoluteTimeout);
    EXPECT_TRUE(tells(browser_.load().findings, Event::SessionUseAfterExpire));
}

TEST_F(ManagerLoad, TellsALateCookieFromAnUnknownOneAfterTheSweep) {
    browser_.visit({logged_in()});
    gateway_.clock.advance(31min);
    for (int i = 0; i < 8; ++i) gateway_.store.inner.sweep(gateway_.clock.now());

    const auto loaded = browser_.load();

    EXPECT_EQ(loaded.refused, Reason::IdleTimeout);
    EXPECT_TRUE(tells(loaded.findings, Event::SessionUseAfterExpire));
}

TEST_F(ManagerLoad, RefusesAnIdThatALoginHasReplaced) {
    browser_.visit({cookies_set({"lang=en"})});
    auto old = browser_;
    browser_.visit({logged_in()});

    const auto loaded = old.load();

    EXPECT_EQ(loaded.refused, Reason::Superseded);
    EXPECT_FALSE(loaded.session);
    EXPECT_TRUE(tells(loaded.findings, Event::SessionUseAfterExpire));
}

TEST_F(ManagerLoad, ARequestThatCrossedALoginDoesNotClearTheLoginsCookie) {
    browser_.visit({cookies_set({"lang=en"})});
    auto crossing = browser_;
    browser_.visit({logged_in()});
    gateway_.clock.advance(29s);

    const auto committed = crossing.visit({cookies_set({"lang=de"})});

    EXPECT_EQ(committed.set_cookie, "");
    EXPECT_FALSE(committed.session);
}

// The login's answer got lost, and with it the new id: the browser must be able to begin anew.
TEST_F(ManagerLoad, AnIdThatWasReplacedLongAgoIsClearedAndMayBeginAnew) {
    browser_.visit({cookies_set({"lang=en"})});
    auto left_behind = browser_;
    browser_.visit({logged_in()});
    gateway_.clock.advance(30s);

    const auto loaded = left_behind.load();
    EXPECT_EQ(loaded.refused, Reason::Superseded);
    EXPECT_TRUE(loaded.cookie_is_stale);

    const auto committed = left_behind.visit({cookies_set({"lang=de"})});
    ASSERT_TRUE(committed.session);
    EXPECT_FALSE(committed.session->authentication);
}

TEST_F(ManagerLoad, NotesActivityAtMostOncePerInterval) {
    browser_.visit({logged_in()});

    gateway_.clock.advance(29s);
    (void)browser_.load();
    EXPECT_EQ(gateway_.store.touches, 0);

    gateway_.clock.advance(1s);
    (void)browser_.load();
    (void)browser_.load();
    EXPECT_EQ(gateway_.store.touches, 1);
}

TEST_F(ManagerLoad, AdmitsThatTheStoreIsDown) {
    browser_.visit({logged_in()});
    gateway_.store.is_down = true;

    const auto loaded = gateway_.load(browser_.cookie);

    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().reason, Reason::StoreUnavailable);
}

TEST_F(ManagerLoad, AdmitsThatAnExpiredSessionCouldNotBeEnded) {
    browser_.visit({logged_in()});
    gateway_.clock.advance(30min);
    gateway_.store.refuses_writes = true;

    EXPECT_FALSE(gateway_.load(browser_.cookie));
}

TEST_F(ManagerLoad, NeverPutsTheCookieIntoAFinding) {
    browser_.visit({logged_in()});
    gateway_.clock.advance(30min);

    const auto loaded = browser_.load();

    for (const auto& [name, value] : loaded.findings.at(0).arguments) {
        EXPECT_EQ(browser_.cookie.find(value), std::string::npos) << name;
    }
}

}  // namespace
