// Exchanges whose session got another id while they were under way.

#include <gtest/gtest.h>

#include "session/manager.h"
#include "tests/session/browser.h"

namespace {

using namespace fixtures;
using policy::Event;
using policy::OldCookies;

policy::LoggedIn kept(std::string name) {
    auto login = logged_in(std::move(name));
    login.old_cookies = OldCookies::Kept;
    return login;
}

class ManagerFollow : public testing::Test {
protected:
    // An exchange that was loaded before another one gave the session a new id.
    session::Committed late(const Events& first, const Events& second) {
        browser_.visit({cookies_set({"sid=1"}), logged_in("alice"), cookies_set({"sid=1"})});
        const auto before = browser_.load();
        browser_.visit(first);
        return gateway_.commit(before, second).value();
    }

    Gateway gateway_;
    Browser browser_{gateway_};
};

TEST_F(ManagerFollow, TwoLoginsThatRaceInOneJarEndTheSession) {
    const auto committed = late({kept("bob")}, {kept("carol")});

    EXPECT_FALSE(committed.session);
    EXPECT_TRUE(tells(committed.findings, Event::SessionRevoked));
    EXPECT_FALSE(browser_.load().session) << "the backend knows whose it is, and nobody else";
}

TEST_F(ManagerFollow, TwoUsersWhoseLoginsRaceWithTheSameCookiesEndTheSession) {
    const auto committed = late({logged_in("bob"), cookies_set({"sid=1"})}, {logged_in("carol")});

    EXPECT_FALSE(committed.session);
    EXPECT_TRUE(tells(committed.findings, Event::SessionRevoked));
    EXPECT_FALSE(browser_.load().session) << "the backend may have gone on with one session";
}

TEST_F(ManagerFollow, ALoginThatIsSentTwiceLeavesTheFirstAlone) {
    const auto committed = late({logged_in("bob")}, {logged_in("bob")});

    EXPECT_FALSE(committed.session);
    ASSERT_TRUE(browser_.load().session);
    EXPECT_EQ(browser_.load().session->authentication->user.text(), "bob");
}

TEST_F(ManagerFollow, ALogoutEndsTheSessionUnderItsNextId) {
    const auto committed = late({policy::PrivilegeChanged{}}, {policy::LoggedOut{}});

    EXPECT_TRUE(tells(committed.findings, Event::SessionLogout));
    EXPECT_FALSE(browser_.load().session);
}

TEST_F(ManagerFollow, ADoubtEndsTheSessionUnderIdsAfterTheNext) {
    browser_.visit({logged_in("alice")});
    const auto before = browser_.load();
    browser_.visit({policy::PrivilegeChanged{}});
    browser_.visit({policy::PrivilegeChanged{}});

    gateway_.commit(before, {policy::Revoked{}}).value();

    EXPECT_FALSE(browser_.load().session);
}

TEST_F(ManagerFollow, CookiesReachTheJarUnderItsNextId) {
    late({policy::PrivilegeChanged{}}, {cookies_set({"token=2"})});

    const auto session = browser_.load().session;
    ASSERT_TRUE(session);
    EXPECT_TRUE(session->vault.holds("token"));
    EXPECT_TRUE(session->vault.holds("sid"));
}

TEST_F(ManagerFollow, CookiesOfAnOldJarDoNotReachTheNext) {
    late({logged_in("bob")}, {cookies_set({"token=2"})});

    EXPECT_FALSE(browser_.load().session->vault.holds("token"));
}

TEST_F(ManagerFollow, GivesNoCookieThatWouldReplaceTheNextOne) {
    EXPECT_EQ(late({policy::PrivilegeChanged{}}, {policy::PrivilegeChanged{}}).set_cookie, "");
    EXPECT_TRUE(browser_.load().session);
}

TEST_F(ManagerFollow, TellsWhenTheStoreIsDown) {
    browser_.visit({logged_in("alice")});
    const auto before = browser_.load();
    browser_.visit({policy::PrivilegeChanged{}});
    gateway_.store.refuses_writes = true;

    EXPECT_FALSE(gateway_.commit(before, {policy::LoggedOut{}}));
}

}  // namespace
