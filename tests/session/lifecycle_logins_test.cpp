// What becomes of a session when a login is pending, confirmed or refuted, when privileges change,
// and when the backend drops its own session.

#include <vector>

#include <gtest/gtest.h>

#include "session/lifecycle.h"
#include "tests/session/fixtures.h"

namespace {

using namespace fixtures;
using Cause = session::Change::Cause;
using Kind = session::Change::Kind;
using Events = std::vector<policy::SessionEvent>;
using policy::OldCookies;

policy::Identity identity(std::string name = "alice") {
    return {policy::UserName(std::move(name)), policy::LoginName("form"), {"staff"}};
}

session::Change reduce(const session::Session& session, const Events& events) {
    return session::reduce(session, events, {}, kStart + 1min);
}

session::Session with_cookie(session::Session session) {
    session.vault.apply("old=1; Path=/", {"wiki", "wiki.example.org", "/"}, kStart, {});
    return session;
}

session::Session pending() {
    auto session = with_cookie(stranger());
    session.pending = policy::PendingLogin{identity(), "/next", kStart + 2min};
    return session;
}

TEST(PendingLogin, GivesANewIdAndANewJarAndNoUser) {
    const auto change =
        reduce(with_cookie(user("bob")),
               {policy::LoginPending{{identity(), "/next", kStart + 2min}, OldCookies::Dropped}});

    EXPECT_EQ(change.kind, Kind::Rotate);
    EXPECT_FALSE(change.next.authentication);
    EXPECT_EQ(change.next.pending->target, "/next");
    EXPECT_TRUE(change.next.vault.empty());
    EXPECT_EQ(change.next.jar, 2U);
    EXPECT_EQ(change.next.created, kStart + 1min) << "a stranger's limits count from here";
}

TEST(PendingLogin, LetsTheUserInWhenConfirmedAndKeepsTheJar) {
    const auto change = reduce(pending(), {policy::LoginConfirmed{identity()}});

    EXPECT_EQ(change.kind, Kind::Rotate);
    EXPECT_EQ(change.cause, Cause::Login);
    EXPECT_EQ(change.next.authentication->user.text(), "alice");
    EXPECT_EQ(change.next.authentication->rights->groups, std::vector<std::string>{"staff"});
    EXPECT_FALSE(change.next.pending);
    EXPECT_TRUE(change.next.vault.holds("old"));
}

TEST(PendingLogin, IsNotConfirmedForAnotherUserOrTwice) {
    EXPECT_EQ(reduce(pending(), {policy::LoginConfirmed{identity("bob")}}).kind, Kind::Nothing);
    EXPECT_EQ(reduce(user(), {policy::LoginConfirmed{identity()}}).kind, Kind::Nothing);
}

TEST(PendingLogin, CannotBeConfirmedOnceRefutedAndItsUserStaysKnown) {
    const auto change = reduce(pending(), {policy::LoginRefuted{}});

    EXPECT_EQ(change.kind, Kind::Update);
    ASSERT_TRUE(change.next.pending);
    EXPECT_EQ(change.next.pending->identity.user.text(), "alice");
    EXPECT_EQ(reduce(change.next, {policy::LoginConfirmed{identity()}}).kind, Kind::Nothing);
}

TEST(PendingLogin, IsForgottenWhenSomebodyLogsIn) {
    const auto change = reduce(pending(), {policy::LoggedIn{identity("bob"), OldCookies::Dropped}});

    EXPECT_FALSE(change.next.pending);
    EXPECT_EQ(change.next.authentication->user.text(), "bob");
}

TEST(Login, KeepsTheJarWhereItsRuleSaysSo) {
    const auto change =
        reduce(with_cookie(stranger()), {policy::LoggedIn{identity(), OldCookies::Kept}});

    EXPECT_TRUE(change.next.vault.holds("old"));
    EXPECT_EQ(change.next.jar, 1U);
}

TEST(PrivilegeChange, GivesANewIdAndKeepsEverythingElse) {
    const auto change = reduce(with_cookie(user()), {policy::PrivilegeChanged{}});

    EXPECT_EQ(change.kind, Kind::Rotate);
    EXPECT_EQ(change.cause, Cause::PrivilegeChange);
    EXPECT_EQ(change.next.authentication, user().authentication);
    EXPECT_TRUE(change.next.vault.holds("old"));
}

TEST(PrivilegeChange, CanMakeItAnotherUserWithoutTheFirstOnesGroups) {
    auto session = user();
    session.authentication->rights = session::SharedRights({policy::LoginName("form"), {"staff"}});

    const auto change = reduce(session, {policy::PrivilegeChanged{policy::UserName("bob")}});

    EXPECT_EQ(change.next.authentication->user.text(), "bob");
    EXPECT_TRUE(change.next.authentication->rights->groups.empty());
    EXPECT_EQ(change.next.authentication->at, kStart);
}

TEST(PrivilegeChange, OfAStrangerIsNothing) {
    EXPECT_EQ(reduce(stranger(), {policy::PrivilegeChanged{}}).kind, Kind::Nothing);
}

TEST(Demotion, KeepsNoCookieOfTheAnswerThatShowedIt) {
    const auto change = reduce(user(), {cookies_set({"old=2; Path=/"}), policy::Demoted{}});

    EXPECT_TRUE(change.next.vault.empty());
}

TEST(Demotion, MakesTheUserAStrangerUnderANewId) {
    const auto change = reduce(with_cookie(user()), {policy::Demoted{}});

    EXPECT_EQ(change.kind, Kind::Rotate);
    EXPECT_EQ(change.cause, Cause::Demotion);
    EXPECT_FALSE(change.next.authentication);
    EXPECT_EQ(change.next.created, kStart + 1min);
    EXPECT_TRUE(change.next.vault.empty()) << "the backend may know the user by it";
    EXPECT_EQ(change.next.jar, 2U);
    EXPECT_EQ(reduce(stranger(), {policy::Demoted{}}).kind, Kind::Nothing);
}

}  // namespace
