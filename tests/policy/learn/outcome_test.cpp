#include "policy/learn/outcome.h"

#include <gmock/gmock.h>

#include "policy/learn/analyse.h"
#include "policy/learn/fields.h"
#include "policy/learn/self_check.h"
#include "tests/support/recording.h"

namespace policy::learn {
namespace {

using support::in;
using support::PlainLogin;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LearnedLogin learned_from(const PlainLogin& login) {
    const auto recording = login.recording();
    auto learned = analyse(recording);
    EXPECT_TRUE(learned.login);
    EXPECT_THAT(self_check(*learned.login, recording), IsEmpty());
    return *learned.login;
}

Remarks missing_in(const PlainLogin& login) {
    const auto learned = analyse(login.recording());
    EXPECT_FALSE(learned.login->tells_success());
    EXPECT_TRUE(learned.login->success.empty());
    return learned.missing;
}

TEST(Outcome, TheStatusComesFirst) {
    PlainLogin login;
    login.fail.status(401);

    const auto learned = learned_from(login);

    EXPECT_THAT(learned.success.status, ElementsAre(200));
    EXPECT_FALSE(learned.failure);
    EXPECT_THAT(learned.outcome_remarks,
                Contains(HasSubstr("200 after a login and 401 after a failure")));
}

TEST(Outcome, AFailureThatLeadsBackToTheLoginPageTells) {
    PlainLogin login;
    login.fail.leads_to("/login?error=1");
    login.login.leads_to("http://127.0.0.1:8080/home");

    const auto learned = learned_from(login);

    EXPECT_EQ(learned.success.redirect, Redirect::Elsewhere);
    EXPECT_THAT(learned.success.status, IsEmpty());
}

TEST(Outcome, StatusAndRedirectAreBothTaken) {
    PlainLogin login;
    login.login.status(303).leads_to("/home");

    const auto learned = learned_from(login);

    EXPECT_THAT(learned.success.status, ElementsAre(303));
    EXPECT_EQ(learned.success.redirect, Redirect::Elsewhere);
}

TEST(Outcome, ANewCookieTells) {
    PlainLogin login;
    login.login.sets("lang=c8").sets("my_auth=c9");

    const auto learned = learned_from(login);

    EXPECT_EQ(learned.success.set_cookie, "my_auth*");
    EXPECT_THAT(learned.outcome_remarks, Contains(HasSubstr("append something")));
}

TEST(Outcome, ACookieWithALongTailBecomesAGlobWithItsReason) {
    PlainLogin login;
    login.fail.status(403).sets("DW68700bfd16c2027de7de74a5a8202a6f=deleted; Max-Age=0");
    login.login.leads_to("/x").sets("DW68700bfd16c2027de7de74a5a8202a6f=c2");

    const auto learned = learned_from(login);

    EXPECT_EQ(learned.success.set_cookie, "DW*");
    EXPECT_THAT(learned.outcome_remarks, Contains(HasSubstr("from installation to installation")));
}

TEST(Outcome, ACookieThatAFailureEmptiesBadlyDoesNotTell) {
    PlainLogin login;
    login.fail.status(403).sets("auth=deleted");
    login.login.sets("auth=c2");

    EXPECT_EQ(learned_from(login).success.set_cookie, "");
}

TEST(Outcome, AnIdThatChangesEitherWayProvesNothing) {
    PlainLogin login;
    login.fail.status(403).cookie("sid=c1").sets("sid=c2");
    login.login.cookie("sid=c2").sets("sid=c3");

    const auto learned = learned_from(login);

    EXPECT_EQ(learned.success.set_cookie, "");
    EXPECT_THAT(learned.outcome_remarks,
                Contains("The backend sets `sid` anew after a failed login too, so that proves "
                         "nothing."));
}

TEST(Outcome, AnIdThatChangesIsNeverTheOnlyProof) {
    PlainLogin login;
    login.fail.cookie("sid=c1");
    login.login.cookie("sid=c1").sets("sid=c2");

    EXPECT_THAT(missing_in(login), Contains(HasSubstr("Nothing in the recording tells")));
}

TEST(Outcome, AnIdThatChangesStandsBesideAnotherProof) {
    PlainLogin login;
    login.fail.status(401).cookie("sid=c1");
    login.login.cookie("sid=c1").sets("sid=c2");

    const auto learned = learned_from(login);

    EXPECT_THAT(learned.success.status, ElementsAre(200));
    EXPECT_EQ(learned.success.set_cookie, "sid");
}

TEST(Outcome, AHeaderTellsWhenNothingElseDoes) {
    PlainLogin login;
    login.login.answer("X-Account", "17");

    EXPECT_THAT(learned_from(login).success.headers, ElementsAre(NameValue{"X-Account", "*"}));
}

TEST(Outcome, JsonTellsWhereTheHeadsAreAlike) {
    PlainLogin login;
    login.fail.answers_json(R"({"ok":false})");
    login.login.answers_json(R"({"ok":true})");

    EXPECT_THAT(learned_from(login).success.json, ElementsAre(NameValue{"/ok", "true"}));
}

TEST(Outcome, ThePageTellsLast) {
    PlainLogin login;
    login.fail.page("<p class=\"error\">No</p>");
    login.login.page("<a href=\"/logout\">Bye</a>");

    const auto learned = learned_from(login);

    EXPECT_EQ(learned.success.body, "href=\"/logout\"");
    EXPECT_EQ(learned.failure->body, "class=\"error\"");
    EXPECT_THAT(learned.outcome_remarks, Contains(HasSubstr("the weakest of signs")));
}

TEST(Outcome, ThePageWithoutTheMessageOfAFailureIsASuccess) {
    PlainLogin login;
    login.fail.page("<p class=\"error\">No</p>");
    login.login.page("<p>x</p>");

    EXPECT_EQ(learned_from(login).success.without_body, "class=\"error\"");
}

TEST(Outcome, ATextFarBehindRaisesTheBodyLimit) {
    PlainLogin login;
    login.fail.page("<p class=\"error\">No</p>");
    login.login.page("<pre>" + std::string(100'000, '.') + "</pre><a href=\"/logout\">Bye</a>");

    EXPECT_EQ(learned_from(login).body_limit, 256U * 1024);
}

TEST(Outcome, TheNextPageConfirmsWhatTheAnswerDoesNotSay) {
    PlainLogin login;
    login.fail.leads_to("/next");
    login.after_fail.status(403);
    login.login.leads_to("/next");

    const auto learned = learned_from(login);

    ASSERT_TRUE(learned.confirm);
    EXPECT_THAT(learned.success.status, ElementsAre(302));
    EXPECT_THAT(learned.confirm->success.status, ElementsAre(200));
    EXPECT_FALSE(learned.confirm->when);
}

TEST(Outcome, WithoutARedirectTheConfirmationNamesItsPage) {
    PlainLogin login;
    login.after_fail.status(403);

    const auto learned = learned_from(login);

    ASSERT_TRUE(learned.confirm && learned.confirm->when);
    EXPECT_EQ(learned.confirm->when->path, "/next");
}

TEST(Outcome, ThePageOfTheConfirmationMayTell) {
    PlainLogin login;
    login.fail.leads_to("/next");
    login.login.leads_to("/next");
    login.after_login.page("<a href=\"/logout\">Bye</a>");

    EXPECT_EQ(learned_from(login).confirm->success.body, "href=\"/logout\"");
}

TEST(Outcome, WhenAllIsAlikeNoRuleIsWritten) {
    PlainLogin login;
    login.fail.leads_to("/next");
    login.login.leads_to("/next");

    EXPECT_THAT(missing_in(login), Contains(HasSubstr("none is written")));
}

TEST(Outcome, EveryFailureCounts) {
    PlainLogin login;
    login.fail.status(401);
    auto recording = login.recording();
    Exchange locked = in(Step::Fail, "POST", "/login").form("user=alice&pw=redacted");
    recording.exchanges.insert(recording.exchanges.begin() + 2, locked);

    EXPECT_FALSE(analyse(recording).login->tells_success());
}

Exchange basic(Step step, const std::string& path, int status) {
    return in(step, "GET", path)
        .header("Authorization", basic_authorization({"alice", "redacted"}))
        .status(status);
}

TEST(Outcome, OfBasicNoStatusOfAFailureIsASuccess) {
    const auto learned = analyse(
        support::recording_of({basic(Step::Fail, "/m", 401), basic(Step::Fail, "/m", 302),
                               basic(Step::Login, "/m", 200), basic(Step::Page, "/m/x", 302)}));

    EXPECT_THAT(learned.login->success.status, ElementsAre(200));
}

TEST(Outcome, OfBasicNothingIsBelievedWhereNobodyIsAsked) {
    const auto learned =
        analyse(support::recording_of({in(Step::Visit, "GET", "/m"), basic(Step::Fail, "/m", 401),
                                       basic(Step::Login, "/m", 200)}));

    EXPECT_FALSE(learned.login->tells_success());
    EXPECT_THAT(learned.missing, ElementsAre(HasSubstr("none can be believed")));
}

TEST(Outcome, OfBasicOnlyWhatWasSeenIsASuccess) {
    const auto learned = analyse(support::read_case("tomcat_manager"));

    EXPECT_THAT(learned.login->success.status, ElementsAre(200, 302));
    EXPECT_THAT(learned.login->failure->status, ElementsAre(401));
}

}  // namespace
}  // namespace policy::learn
