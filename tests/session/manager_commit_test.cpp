#include <gtest/gtest.h>

#include "session/manager.h"
#include "tests/session/browser.h"

namespace {

using namespace fixtures;
using policy::Event;
using policy::Reason;

class ManagerCommit : public testing::Test {
protected:
    std::string clearing() { return gateway_.manager.cookies().clear(); }

    Gateway gateway_;
    Browser browser_{gateway_};
};

TEST_F(ManagerCommit, LeavesAVisitorAloneWhoDoesNothing) {
    const auto committed = browser_.visit({});

    EXPECT_FALSE(committed.session);
    EXPECT_EQ(committed.set_cookie, "");
    EXPECT_TRUE(committed.findings.empty());
    EXPECT_EQ(gateway_.store.writes, 0);
}

TEST_F(ManagerCommit, BeginsAStrangersSessionWhenThereIsSomethingToRemember) {
    const auto committed = browser_.visit({cookies_set({"lang=en"})});

    ASSERT_TRUE(committed.session);
    EXPECT_FALSE(committed.session->authentication);
    EXPECT_EQ(committed.session->ids.generation, 1U);
    EXPECT_EQ(committed.session->environment.bound, client(home()));
    EXPECT_TRUE(committed.session->vault.holds("lang"));
    EXPECT_TRUE(tells(committed.findings, Event::SessionCreated));
    EXPECT_EQ(*browser_.load().session, *committed.session);
}

TEST_F(ManagerCommit, BeginsNoSessionForNothing) {
    browser_.visit({cookies_set({"lang=; Max-Age=0", "not a cookie"})});
    browser_.visit({policy::LoggedOut{}});
    browser_.visit({policy::Revoked{}});
    browser_.visit({policy::ClientMoved{client(elsewhere())}});
    browser_.visit({logged_in(), policy::Revoked{}});

    EXPECT_EQ(browser_.cookie, "");
    EXPECT_EQ(gateway_.store.writes, 0);
}

TEST_F(ManagerCommit, BeginsAUsersSessionAtALogin) {
    const auto committed = browser_.visit({logged_in("alice"), cookies_set({"sid=1"})});

    ASSERT_TRUE(committed.session);
    EXPECT_EQ(committed.session->authentication->user.text(), "alice");
    EXPECT_EQ(committed.session->ids.generation, 1U);
    EXPECT_TRUE(committed.session->vault.holds("sid"));
    EXPECT_TRUE(tells(committed.findings, Event::SessionCreated));
}

TEST_F(ManagerCommit, DropsStrangersCookiesWhereTheyMayHaveNoSession) {
    session::ManagerSettings settings;
    settings.anonymous = session::AnonymousSessions::Never;
    Gateway gateway(settings);
    Browser browser(gateway);

    EXPECT_FALSE(browser.visit({cookies_set({"lang=en"})}).session);
    EXPECT_EQ(browser.cookie, "");
    EXPECT_TRUE(browser.visit({logged_in()}).session);
}

TEST_F(ManagerCommit, ClearsAStaleCookie) {
    browser_.cookie = "forged";

    EXPECT_EQ(browser_.visit({}).set_cookie, clearing());
}

TEST_F(ManagerCommit, ReplacesAStaleCookieByALogin) {
    browser_.cookie = "forged";

    const auto committed = browser_.visit({logged_in()});

    EXPECT_TRUE(committed.session);
    EXPECT_TRUE(browser_.load().session);
}

TEST_F(ManagerCommit, SetsNoCookieForASessionThatStaysUnderItsId) {
    browser_.visit({logged_in()});

    const auto committed = browser_.visit({cookies_set({"a=1"})});

    EXPECT_EQ(committed.set_cookie, "");
    EXPECT_TRUE(committed.findings.empty());
    EXPECT_TRUE(browser_.load().session->vault.holds("a"));
}

TEST_F(ManagerCommit, WritesNothingThatChangesNothing) {
    browser_.visit({logged_in(), cookies_set({"a=1"})});
    const auto writes = gateway_.store.writes;

    const auto committed = browser_.visit({cookies_set({"a=1"})});

    EXPECT_TRUE(committed.session);
    EXPECT_EQ(gateway_.store.writes, writes);
}

TEST_F(ManagerCommit, RotatesAtALogin) {
    browser_.visit({cookies_set({"planted=1"})});
    const auto old = browser_.cookie;
    gateway_.client = elsewhere();

    const auto committed = browser_.visit({logged_in("alice")});

    EXPECT_NE(browser_.cookie, old);
    EXPECT_EQ(committed.session->ids.generation, 2U);
    EXPECT_EQ(committed.session->environment.bound, client(elsewhere()));
    EXPECT_TRUE(committed.session->vault.empty());
    ASSERT_TRUE(tells(committed.findings, Event::SessionIdRotated));
    EXPECT_EQ(committed.findings[0].arguments[1].first, "generation");
    EXPECT_EQ(committed.findings[0].arguments[1].second, "2");
    EXPECT_EQ(browser_.load().facts().user->text(), "alice");
}

TEST_F(ManagerCommit, EndsASessionAtLogout) {
    browser_.visit({logged_in()});
    auto late = browser_;

    const auto committed = browser_.visit({policy::LoggedOut{}});

    EXPECT_FALSE(committed.session);
    EXPECT_EQ(committed.set_cookie, clearing());
    EXPECT_TRUE(tells(committed.findings, Event::SessionLogout));
    const auto loaded = late.load();
    EXPECT_EQ(loaded.refused, Reason::LoggedOut);
    EXPECT_TRUE(tells(loaded.findings, Event::SessionUseAfterExpire));
}

TEST_F(ManagerCommit, EndsARevokedSessionWithItsReason) {
    browser_.visit({logged_in()});
    auto late = browser_;

    const auto committed = browser_.visit({policy::Revoked{Reason::BindingMismatch}});

    EXPECT_TRUE(tells(committed.findings, Event::SessionRevoked));
    EXPECT_EQ(committed.findings[0].reason, Reason::BindingMismatch);
    EXPECT_EQ(late.load().refused, Reason::BindingMismatch);
}

TEST_F(ManagerCommit, TellsOfOneLogoutWhenTwoCross) {
    browser_.visit({logged_in()});
    const auto first = browser_.load();
    const auto second = browser_.load();

    EXPECT_TRUE(
        tells(gateway_.commit(first, {policy::LoggedOut{}})->findings, Event::SessionLogout));
    const auto crossed = gateway_.commit(second, {policy::LoggedOut{}}).value();

    EXPECT_TRUE(crossed.findings.empty());
    EXPECT_TRUE(crossed.is_late);
    EXPECT_TRUE(crossed.set_cookie.empty());
}

TEST_F(ManagerCommit, KeepsWhatParallelAnswersTaught) {
    browser_.visit({logged_in()});
    const auto first = browser_.load();
    const auto second = browser_.load();

    ASSERT_TRUE(gateway_.commit(first, {cookies_set({"a=1"})}));
    ASSERT_TRUE(gateway_.commit(second, {cookies_set({"b=2"})}));

    const auto vault = browser_.load().session->vault;
    EXPECT_TRUE(vault.holds("a"));
    EXPECT_TRUE(vault.holds("b"));
}

TEST_F(ManagerCommit, LogsInOverAParallelChange) {
    browser_.visit({cookies_set({"a=1"})});
    const auto login = browser_.load();
    browser_.visit({cookies_set({"planted=1"})});

    browser_.take(gateway_.commit(login, {logged_in()}).value());

    EXPECT_TRUE(browser_.load().facts().user);
    EXPECT_TRUE(browser_.load().session->vault.empty());
}

TEST_F(ManagerCommit, GivesUpWhenEveryTryIsOvertaken) {
    browser_.visit({logged_in()});
    const auto loaded = browser_.load();
    int tries = 0;
    gateway_.store.before_write = [&] {
        browser_.visit({cookies_set({"n=" + std::to_string(++tries)})});
    };

    const auto committed = gateway_.commit(loaded, {cookies_set({"mine=1"})});

    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().reason, Reason::StoreConflict);
    EXPECT_EQ(tries, 64);
}

TEST_F(ManagerCommit, WritesNothingToASessionThatEndedMeanwhile) {
    browser_.visit({logged_in()});
    const auto slow = browser_.load();
    browser_.visit({policy::LoggedOut{}});

    const auto committed = gateway_.commit(slow, {cookies_set({"a=1"})}).value();

    EXPECT_FALSE(committed.session);
    EXPECT_TRUE(committed.is_late);
    EXPECT_TRUE(committed.set_cookie.empty());
    EXPECT_TRUE(committed.findings.empty());
    EXPECT_EQ(gateway_.store.inner.size(), 0U);
}

TEST_F(ManagerCommit, LogsNobodyInWhoseSessionEndedMeanwhile) {
    browser_.visit({cookies_set({"a=1"})});
    const auto slow = browser_.load();
    browser_.visit({policy::Revoked{}});

    const auto committed = gateway_.commit(slow, {logged_in()}).value();

    EXPECT_FALSE(committed.session);
    EXPECT_TRUE(committed.is_late);
    EXPECT_TRUE(committed.set_cookie.empty());
    EXPECT_EQ(gateway_.store.inner.size(), 0U);
}

TEST_F(ManagerCommit, LetsTheFirstOfTwoCrossingLoginsOfAUserCount) {
    browser_.visit({cookies_set({"a=1"})});
    const auto slow = browser_.load();
    browser_.visit({logged_in("alice")});

    const auto committed = gateway_.commit(slow, {logged_in("alice")}).value();

    EXPECT_FALSE(committed.session);
    EXPECT_EQ(committed.set_cookie, "") << "it would delete alice's";
    ASSERT_TRUE(browser_.load().session);
    EXPECT_EQ(browser_.load().facts().user->text(), "alice");
    EXPECT_EQ(gateway_.store.inner.size(), 1U);
}

TEST_F(ManagerCommit, StoresNothingWhenThereIsNoRandomness) {
    gateway_.random.fail();

    const auto committed = gateway_.commit({}, {logged_in()});

    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().reason, Reason::RandomUnavailable);
    EXPECT_EQ(gateway_.store.writes, 0);
}

TEST_F(ManagerCommit, RotatesNothingWhenThereIsNoRandomness) {
    browser_.visit({cookies_set({"a=1"})});
    const auto loaded = browser_.load();
    const auto writes = gateway_.store.writes;
    gateway_.random.fail();

    EXPECT_FALSE(gateway_.commit(loaded, {logged_in()}));

    EXPECT_EQ(gateway_.store.writes, writes);
    EXPECT_TRUE(browser_.load().session);
}

TEST_F(ManagerCommit, TellsWhenTheVaultIsFull) {
    session::ManagerSettings settings;
    settings.vault.count = 1;
    Gateway gateway(settings);
    Browser browser(gateway);
    browser.visit({logged_in(), cookies_set({"a=1"})});

    const auto committed = browser.visit({cookies_set({"b=2", "a=3", "c d=4; Path=/x"})});

    ASSERT_TRUE(tells(committed.findings, Event::BackendCookieConflict));
    EXPECT_EQ(committed.findings[0].arguments[0].second, "vault_full");
    EXPECT_EQ(committed.findings[0].arguments[1].second, "b c%20d");
    EXPECT_TRUE(committed.session->vault.holds("a"));
}

TEST_F(ManagerCommit, MovesACookieUnderAnOldKeyToTheNewOne) {
    browser_.visit({logged_in()});
    session::Manager later(gateway_.store, gateway_.random, {}, k2_then_k1());
    const std::vector<policy::CookiePair> cookies{{later.cookies().name(), browser_.cookie}};

    const auto loaded = support::run(later.load(cookies, gateway_.visit())).value();
    const auto committed = support::run(later.commit(loaded, {}, gateway_.visit())).value();

    EXPECT_TRUE(loaded.under_old_key);
    EXPECT_TRUE(committed.set_cookie.starts_with("__Host-Http-session=v1.k2."));
    const auto id = browser_.cookie.substr(6, 22 + 1 + 43);
    EXPECT_NE(committed.set_cookie.find(id), std::string::npos);
}

}  // namespace
