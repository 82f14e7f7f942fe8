#include "policy/learn/logout.h"

#include <gmock/gmock.h>

#include "policy/learn/analyse.h"
#include "tests/support/recording.h"

namespace policy::learn {
namespace {

using support::in;
using support::PlainLogin;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

PlainLogin told_by_status() {
    PlainLogin login;
    login.fail.status(401);
    return login;
}

LearnedLogin learned_from(const PlainLogin& login) {
    return *analyse(login.recording()).login;
}

TEST(Logout, APathThatSaysSoIsIt) {
    const auto learned = learned_from(told_by_status());

    ASSERT_EQ(learned.logout.size(), 1);
    EXPECT_EQ(learned.logout[0].path, "/logout");
    EXPECT_EQ(learned.logout[0].method, "");
}

TEST(Logout, AQueryThatSaysSoIsIt) {
    auto login = told_by_status();
    login.logout = in(Step::Logout, "GET", "/x?id=start&do=logout&tok=1");

    EXPECT_THAT(learned_from(login).logout[0].query, ElementsAre(NameValue{"do", "logout"}));
}

TEST(Logout, OfAButtonOnlyTheNameCounts) {
    auto login = told_by_status();
    login.logout = in(Step::Logout, "POST", "/x").form("logout=Abmelden&token=5");

    const auto learned = learned_from(login);

    EXPECT_EQ(learned.logout[0].method, "POST");
    EXPECT_THAT(learned.logout[0].form, ElementsAre(NameValue{"logout", "*"}));
}

TEST(Logout, WithoutAWordTheFirstRequestIsIt) {
    auto login = told_by_status();
    login.logout = in(Step::Logout, "POST", "/bye");

    const auto learned = learned_from(login);

    EXPECT_EQ(learned.logout[0].path, "/bye");
    EXPECT_THAT(learned.logout_remarks, Contains(HasSubstr("Look at it")));
}

TEST(Logout, APictureIsNoLogout) {
    auto recording = told_by_status().recording();
    recording.exchanges.back() = in(Step::Logout, "GET", "/logout.png");
    recording.exchanges.push_back(in(Step::Logout, "POST", "/bye"));

    EXPECT_EQ(analyse(recording).login->logout[0].path, "/bye");
}

TEST(Logout, ARequestThatIsUsedBeforeIsNone) {
    auto login = told_by_status();
    login.logout = in(Step::Logout, "GET", "/page");

    const auto learned = learned_from(login);

    EXPECT_THAT(learned.logout, IsEmpty());
    EXPECT_THAT(learned.logout_remarks, Contains(HasSubstr("would log out everybody")));
}

TEST(Logout, WithoutTheStepThereIsNone) {
    auto recording = told_by_status().recording();
    recording.exchanges.pop_back();

    const auto learned = *analyse(recording).login;

    EXPECT_THAT(learned.logout, IsEmpty());
    EXPECT_THAT(learned.logout_remarks, Contains(HasSubstr("No logout was recorded")));
}

TEST(Logout, ACookieThatIsDeletedTellsToo) {
    auto login = told_by_status();
    login.login.sets("auth=c2");
    login.logout.cookie("auth=c2").sets("auth=deleted; Max-Age=0");

    EXPECT_EQ(learned_from(login).logout_answers.at(0).deleted_cookie, "auth");
}

TEST(Logout, ACookieThatIsEmptiedTellsToo) {
    auto login = told_by_status();
    login.login.sets("auth=c2");
    login.logout.cookie("auth=c2").sets("auth=-del-; expires=Fri, 02 Mar 2029 10:00:00 GMT");

    EXPECT_EQ(learned_from(login).logout_answers.at(0).set_cookie, "auth=-del-");
}

TEST(Logout, ACookieThatIsDeletedAllTheTimeTellsNothing) {
    auto login = told_by_status();
    login.page.sets("auth=; Max-Age=0");
    login.logout.cookie("auth=c2").sets("auth=; Max-Age=0");

    EXPECT_THAT(learned_from(login).logout_answers, IsEmpty());
}

TEST(Logout, WhatIsDeletedBeforeTheLoginMayTell) {
    auto login = told_by_status();
    login.visit.sets("auth=; Max-Age=0");
    login.login.sets("auth=c2");
    login.logout.cookie("auth=c2").sets("auth=; Max-Age=0");

    EXPECT_EQ(learned_from(login).logout_answers.at(0).deleted_cookie, "auth");
}

TEST(Logout, WhatWasEmptyBeforeTellsNothing) {
    auto login = told_by_status();
    login.logout.cookie("permanent=").sets("permanent=; Max-Age=99");

    EXPECT_THAT(learned_from(login).logout_answers, IsEmpty());
}

TEST(Logout, TheSameGlobAsForTheLoginIsUsed) {
    auto login = told_by_status();
    login.login.sets("my_auth=c2");
    login.logout.cookie("my_auth=c2").sets("my_auth=; Max-Age=0");

    EXPECT_EQ(learned_from(login).logout_answers.at(0).deleted_cookie, "my_auth*");
}

TEST(Lost, WhoIsSentToTheLoginPageWhereUsersAreServedIsNoUser) {
    auto recording = told_by_status().recording();
    recording.exchanges.push_back(in(Step::Logout, "GET", "/page").leads_to("/login"));

    const auto learned = *analyse(recording).login;

    ASSERT_TRUE(learned.lost);
    EXPECT_EQ(learned.lost->redirect, Redirect::LoginPage);
}

TEST(Lost, An401WhereUsersAreServedIsNoUser) {
    auto recording = told_by_status().recording();
    recording.exchanges.push_back(in(Step::Logout, "GET", "/page").status(401));

    EXPECT_THAT(analyse(recording).login->lost->status, ElementsAre(401));
}

TEST(Lost, WhatUsersGetAsWellTellsNothing) {
    auto login = told_by_status();
    auto recording = login.recording();
    recording.exchanges.push_back(in(Step::Logout, "GET", "/page").status(401));
    recording.exchanges[5] = in(Step::Page, "GET", "/page").status(200);
    recording.exchanges.insert(recording.exchanges.begin() + 6,
                               in(Step::Page, "GET", "/admin").status(401));

    EXPECT_FALSE(analyse(recording).login->lost);
}

TEST(Lost, WithoutASignThereIsNoRule) {
    EXPECT_FALSE(learned_from(told_by_status()).lost);
}

}  // namespace
}  // namespace policy::learn
