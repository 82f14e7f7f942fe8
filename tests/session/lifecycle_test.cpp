#include "session/lifecycle.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/session/fixtures.h"

namespace {

using namespace fixtures;
using Kind = session::Change::Kind;
using policy::Reason;
using Events = std::vector<policy::SessionEvent>;

const session::Limits kLimits;

session::Change reduce(const session::Session& session, const Events& events) {
    return session::reduce(session, events, {}, kStart + 1min);
}

session::Session with_cookie(session::Session session) {
    session.vault.apply("planted=1; Path=/", {"wiki", "wiki.example.org", "/"}, kStart, {});
    return session;
}

TEST(Expiry, ComesToAUserAfterHalfAnHourOfQuiet) {
    EXPECT_EQ(expiry_of(user(), kStart, kLimits, kStart + 30min - 1ms), Reason::None);
    EXPECT_EQ(expiry_of(user(), kStart, kLimits, kStart + 30min), Reason::IdleTimeout);
}

TEST(Expiry, ComesToAUserEightHoursAfterAuthentication) {
    const auto end = kStart + 8h;

    EXPECT_EQ(expiry_of(user(), end - 1s, kLimits, end - 1ms), Reason::None);
    EXPECT_EQ(expiry_of(user(), end - 1s, kLimits, end), Reason::AbsoluteTimeout);
}

TEST(Expiry, CountsAUsersAbsoluteEndFromAuthenticationAndNotFromCreation) {
    auto late = user();
    late.authentication->at = kStart + 30min;

    EXPECT_EQ(absolute_end(late, kLimits), kStart + 30min + 8h);
}

TEST(Expiry, ComesToAStrangerSooner) {
    EXPECT_EQ(expiry_of(stranger(), kStart, kLimits, kStart + 10min), Reason::IdleTimeout);
    EXPECT_EQ(absolute_end(stranger(), kLimits), kStart + 1h);
    EXPECT_EQ(expiry_of(stranger(), kStart + 59min, kLimits, kStart + 1h), Reason::AbsoluteTimeout);
}

TEST(Expiry, IsToldByWhatCameFirst) {
    EXPECT_EQ(expiry_of(user(), kStart, kLimits, kStart + 100h), Reason::IdleTimeout);
}

TEST(Reduce, ChangesNothingWithoutEvents) {
    EXPECT_EQ(reduce(user(), {}).kind, Kind::Nothing);
}

TEST(Reduce, MakesAStrangerAUserUnderANewId) {
    const auto change = reduce(stranger(), {logged_in("alice")});

    EXPECT_EQ(change.kind, Kind::Rotate);
    ASSERT_TRUE(change.next.authentication);
    EXPECT_EQ(change.next.authentication->user.text(), "alice");
    EXPECT_EQ(change.next.authentication->rights->login.text(), "form");
    EXPECT_EQ(change.next.authentication->at, kStart + 1min);
}

TEST(Reduce, RotatesAlsoWhenTheSameUserLogsInAgain) {
    const auto change = reduce(user("alice"), {logged_in("alice")});

    EXPECT_EQ(change.kind, Kind::Rotate);
    EXPECT_EQ(change.next.authentication->at, kStart + 1min);
}

TEST(Reduce, DropsWhatWasPlantedBeforeALogin) {
    const auto change = reduce(with_cookie(stranger()), {logged_in()});

    EXPECT_TRUE(change.next.vault.empty());
}

TEST(Reduce, KeepsTheCookiesOfTheAnswerThatLoggedIn) {
    for (const auto& events : {Events{cookies_set({"fresh=1"}), logged_in()},
                               Events{logged_in(), cookies_set({"fresh=1"})}}) {
        const auto change = reduce(with_cookie(stranger()), events);

        EXPECT_EQ(change.kind, Kind::Rotate);
        EXPECT_TRUE(change.next.vault.holds("fresh"));
        EXPECT_FALSE(change.next.vault.holds("planted"));
    }
}

TEST(Reduce, EndsASessionOnLogout) {
    const auto change = reduce(user(), {policy::LoggedOut{}});

    EXPECT_EQ(change.kind, Kind::End);
    EXPECT_EQ(change.reason, Reason::LoggedOut);
}

TEST(Reduce, EndsARevokedSessionWithItsReason) {
    const auto change = reduce(user(), {policy::Revoked{Reason::BindingMismatch}});

    EXPECT_EQ(change.kind, Kind::End);
    EXPECT_EQ(change.reason, Reason::BindingMismatch);
}

session::Limits with_privileged() {
    session::Limits limits;
    limits.privileged = {{{"admin", "root"}, {10min, 1h}}, {{"audit"}, {20min, 30min}}};
    return limits;
}

session::Session member(std::vector<std::string> groups) {
    auto session = user();
    session.authentication->rights =
        session::SharedRights({policy::LoginName("form"), std::move(groups)});
    return session;
}

TEST(Lifetime, IsShorterForPrivilegedGroups) {
    const auto limits = with_privileged();

    EXPECT_EQ(session::lifetime_of(member({"staff"}), limits).idle, 30min);
    EXPECT_EQ(session::lifetime_of(member({"staff", "root"}), limits).idle, 10min);
    EXPECT_EQ(session::absolute_end(member({"root"}), limits), kStart + 1h);
    EXPECT_EQ(session::lifetime_of(stranger(), limits).idle, 10min);
}

TEST(Lifetime, IsTheShortestOfEachForWhoIsInSeveralGroups) {
    const auto both = session::lifetime_of(member({"audit", "admin"}), with_privileged());

    EXPECT_EQ(both.idle, 10min);
    EXPECT_EQ(both.absolute, 30min);
}

TEST(Reduce, TrustsAUserLessUntilTheNextLogin) {
    const auto distrusted = reduce(user(), {policy::Distrusted{}});

    EXPECT_EQ(distrusted.kind, Kind::Update);
    EXPECT_TRUE(distrusted.next.needs_step_up);
    EXPECT_TRUE(reduce(distrusted.next, {policy::PrivilegeChanged{}}).next.needs_step_up);
    EXPECT_FALSE(reduce(distrusted.next, {logged_in()}).next.needs_step_up);
    EXPECT_FALSE(reduce(stranger(), {policy::Distrusted{}}).next.needs_step_up);
}

TEST(Reduce, LetsAnEndWinOverEverythingElse) {
    EXPECT_EQ(reduce(user(), {policy::LoggedOut{}, logged_in()}).kind, Kind::End);
    EXPECT_EQ(reduce(user(), {logged_in(), cookies_set({"a=1"}), policy::Revoked{}}).kind,
              Kind::End);
}

TEST(Reduce, UpdatesWhenTheVaultChanges) {
    const auto change = reduce(user(), {cookies_set({"a=1", "b=2"})});

    EXPECT_EQ(change.kind, Kind::Update);
    EXPECT_EQ(change.next.vault.size(), 2U);
}

TEST(Reduce, ChangesNothingWhenTheVaultStaysAsItWas) {
    EXPECT_EQ(reduce(with_cookie(user()), {cookies_set({"planted=1; Path=/"})}).kind,
              Kind::Nothing);
    EXPECT_EQ(reduce(user(), {cookies_set({"a=; Max-Age=0", "not a cookie"})}).kind, Kind::Nothing);
}

TEST(Reduce, CountsCookiesWithoutRoom) {
    const Events events{cookies_set({"a=1", "b=2", "c=3"})};

    const auto change = session::reduce(user(), events, {1, 1000}, kStart);

    EXPECT_EQ(change.overflowed, 2U);
    EXPECT_EQ(change.next.vault.size(), 1U);
}

TEST(Reduce, FollowsTheClientAndStaysBoundWhereItBegan) {
    const auto change = reduce(user(), {policy::ClientMoved{client(elsewhere())}});

    EXPECT_EQ(change.kind, Kind::Update);
    EXPECT_EQ(change.next.environment.bound, client(home()));
    EXPECT_EQ(change.next.environment.last, client(elsewhere()));
    EXPECT_EQ(reduce(user(), {policy::ClientMoved{client(home())}}).kind, Kind::Nothing);
}

}  // namespace
