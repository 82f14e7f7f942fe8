#include "gateway/login_watch.h"

#include <gtest/gtest.h>

#include "tests/support/policy_parts.h"

namespace gateway {
namespace {

using support::kNow;
using Kind = policy::LoginOutcome::Kind;
using PreLoginCookies = policy::LoginRule::PreLoginCookies;
constexpr auto kForm = "application/x-www-form-urlencoded";

struct LoginWatching : testing::Test {
    policy::LoginRule rule = support::form_login();
    policy::RequestHead head = support::head(policy::Method::Post, "/login");
    policy::ResponseFacts accepted{302, {}, {"SID=1"}, nullptr, {}};
    policy::ResponseFacts refused{200, {}, {}, nullptr, {}};
    policy::UserName ada{"ada"};
    policy::SessionFacts session;
    std::optional<policy::RequestFacts> facts;

    void enter(const policy::UserName& user) {
        session.user = &user;
        session.login = "form";
    }

    LoginWatch open(std::string_view type = kForm) {
        head.fields.remove_if([](const auto& field) { return field.name == "Content-Type"; });
        head.fields.add("Content-Type", type);
        facts.emplace(support::facts(head));
        return {&rule, *facts, session};
    }

    LoginWatch watch(std::string_view form, std::string_view type = kForm) {
        LoginWatch login = begin(form, type);
        login.finish();
        return login;
    }

    LoginWatch begin(std::string_view form, std::string_view type = kForm) {
        LoginWatch login = open(type);
        login.feed(form);
        static_cast<void>(login.withholds_cookies());
        return login;
    }

    static LoginWatch::Answer answer(const policy::ResponseFacts& response) {
        return {response, {}, kNow, {}};
    }

    static void expect_in(const LoginWatch::Outcome& seen, std::string_view name) {
        ASSERT_TRUE(seen.event);
        const auto* login = std::get_if<policy::LoggedIn>(&*seen.event);
        ASSERT_NE(login, nullptr);
        EXPECT_EQ(login->identity.user.text(), name);
        EXPECT_FALSE(seen.ends_session());
    }

    static void expect_doubt(const LoginWatch::Outcome& seen, std::string_view why) {
        ASSERT_TRUE(seen.login);
        EXPECT_EQ(seen.login->kind, Kind::Unclassified);
        EXPECT_EQ(seen.login->why, why);
        EXPECT_TRUE(seen.ends_session());
    }

    static void expect_nothing(const LoginWatch::Outcome& seen) {
        EXPECT_FALSE(seen.event);
        EXPECT_FALSE(seen.login);
    }
};

TEST_F(LoginWatching, WithoutARuleNothingIsALogin) {
    const auto request = support::facts(head);
    LoginWatch login(nullptr, request, session);
    login.feed("do=login&user=ada");
    login.finish();

    EXPECT_FALSE(login.decides_on_body());
    EXPECT_FALSE(login.withholds_cookies());
    expect_nothing(login.observe(answer(accepted)));
    expect_nothing(login.observe_silence());
}

TEST_F(LoginWatching, AnAcceptedFormIsALogin) {
    auto login = begin("do=login&us");
    login.feed("er=ada");
    login.finish();

    expect_in(login.observe(answer(accepted)), "ada");
}

TEST_F(LoginWatching, ARefusedFormIsAFailureAndLeavesTheSessionAlone) {
    const auto seen = watch("do=login&user=ada").observe(answer(refused));

    EXPECT_FALSE(seen.event);
    ASSERT_TRUE(seen.login);
    EXPECT_EQ(seen.login->kind, Kind::Failure);
}

TEST_F(LoginWatching, AnotherFormOnTheSamePathIsNoLogin) {
    enter(ada);

    expect_nothing(watch("do=save&user=ada").observe(answer(accepted)));
}

TEST_F(LoginWatching, AnAnswerBeforeTheEndOfTheFormLogsNobodyIn) {
    const auto login = begin("do=login&user=ada");

    expect_doubt(login.observe(answer(accepted)), "form_incomplete");
    EXPECT_FALSE(login.observe(answer(refused)).ends_session());
}

TEST_F(LoginWatching, AnAcceptedLoginThatNamesNobodyEndsTheSession) {
    expect_doubt(watch("do=login&user=ada&+user=bob").observe(answer(accepted)), "user_unreadable");
    expect_doubt(watch("do=login&user=J%FCrgen").observe(answer(accepted)), "user_unreadable");
}

TEST_F(LoginWatching, AFormThatIsALoginForSomeBackendsEndsTheSession) {
    const auto login = watch("do=save&do=login&user=ada");

    expect_doubt(login.observe(answer(accepted)), "request_ambiguous");
    EXPECT_FALSE(login.observe(answer(refused)).ends_session());
    EXPECT_TRUE(login.observe(answer(refused)).login) << "a guess that nobody would count";
}

TEST_F(LoginWatching, ABodyThatIsNotReadCannotLogAnybodyIn) {
    const auto login = watch("do=login&user=ada", "text/plain");

    expect_doubt(login.observe(answer(accepted)), "request_ambiguous");
}

TEST_F(LoginWatching, AUserMayUploadToThePathOfTheLogin) {
    enter(ada);
    const auto upload = watch("...", "application/octet-stream");

    expect_nothing(upload.observe(answer({302, "/", {}, nullptr, {}})));
    expect_nothing(upload.observe_silence());
}

TEST_F(LoginWatching, AStrangerWhoGetsTheLoginsCookieElsewhereCameByAnUnknownDoor) {
    head.target = "/api/session";
    expect_doubt(watch("x").observe(answer(accepted)), "unknown_door");

    enter(ada);
    expect_nothing(watch("x").observe(answer(accepted)));
}

TEST_F(LoginWatching, WithoutACookieToKnowItByAnUnknownDoorIsNotSeen) {
    rule.success.set.reset();
    head.target = "/elsewhere";

    expect_nothing(watch("x").observe(answer(accepted)));
}

TEST_F(LoginWatching, SomebodyElsesLoginInAUsersSessionIsNotBelieved) {
    enter(ada);

    expect_doubt(watch("do=login&user=root").observe(answer(accepted)), "already_logged_in");
}

TEST_F(LoginWatching, TheSameUserMayLogInAgainWhenACookieProvesIt) {
    enter(ada);
    expect_in(watch("do=login&user=ada").observe(answer(accepted)), "ada");

    rule.success.set.reset();
    expect_doubt(watch("do=login&user=ada").observe(answer(accepted)), "already_logged_in");
}

TEST_F(LoginWatching, WithholdingMakesEverySuccessAProof) {
    rule.pre_login_cookies = PreLoginCookies::Withhold;
    enter(ada);
    auto login = open();
    login.feed("do=login&user=root");
    EXPECT_TRUE(login.decides_on_body());
    login.finish();

    EXPECT_TRUE(login.withholds_cookies());
    expect_in(login.observe(answer(accepted)), "root");
}

TEST_F(LoginWatching, CookiesThatWereSentTooEarlyMakeASuccessDoubtful) {
    rule.pre_login_cookies = PreLoginCookies::Withhold;
    auto login = begin("padding=x&");
    login.feed("do=login&user=ada");
    login.finish();

    expect_doubt(login.observe(answer(accepted)), "form_too_late");
}

TEST_F(LoginWatching, CookiesAreWithheldOnlyFromLogins) {
    rule.pre_login_cookies = PreLoginCookies::Withhold;

    EXPECT_FALSE(watch("do=save").withholds_cookies());
    EXPECT_FALSE(watch("...", "text/plain").withholds_cookies());
    rule.when[0].form.clear();
    EXPECT_TRUE(begin("user=").withholds_cookies()) << "a login whatever the form says";
}

TEST_F(LoginWatching, ALoginWithoutAnAnswerEndsTheSession) {
    expect_doubt(watch("do=login&user=ada").observe_silence(), "no_answer");
    expect_nothing(watch("do=save").observe_silence());
    expect_doubt(begin("do=login").observe_silence(), "no_answer");
    enter(ada);
    expect_nothing(begin("do=login").observe_silence());
}

TEST_F(LoginWatching, KeepsTheOldCookiesWhereTheRuleSaysSo) {
    rule.pre_login_cookies = PreLoginCookies::Keep;
    const auto login = watch("do=login&user=ada");

    EXPECT_EQ(login.old_cookies(), policy::OldCookies::Kept);
    const auto seen = login.observe(answer(accepted));
    ASSERT_TRUE(seen.event);
    EXPECT_EQ(std::get<policy::LoggedIn>(*seen.event).old_cookies, policy::OldCookies::Kept);
}

TEST_F(LoginWatching, ReadsTheAnswerOnlyWhereItsBodyMatters) {
    rule.failure.emplace().body = "Login failed";

    EXPECT_TRUE(watch("do=login&user=ada").reads_answer());
    EXPECT_TRUE(begin("do=lo").reads_answer()) << "it may still be one";
    EXPECT_FALSE(watch("do=save&user=ada").reads_answer());
    head.target = "/elsewhere";
    EXPECT_FALSE(watch("").reads_answer());
}

TEST_F(LoginWatching, ReadsTheAnswersOfUsersForTheLossOfTheirSession) {
    rule.lost.emplace().answer.body = "Session expired";
    head.target = "/home";

    EXPECT_FALSE(watch("").reads_answer());
    enter(ada);
    EXPECT_TRUE(watch("").reads_answer());
}

TEST_F(LoginWatching, ReadsNoBodyThatTheHeadOfTheAnswerMakesUnimportant) {
    rule.lost.emplace().answer.body = "Session expired";
    rule.lost->answer.status = {401};
    head.target = "/events";
    enter(ada);

    EXPECT_FALSE(watch("").reads_answer(answer(refused)));
    EXPECT_TRUE(watch("").reads_answer(answer({401, {}, {}, nullptr, {}})));
}

TEST_F(LoginWatching, WantsTheWholeAnswerWhereItMayLetSomebodyIn) {
    EXPECT_TRUE(watch("do=login&user=ada").lets_in());
    EXPECT_FALSE(watch("do=save").lets_in());
    rule.changes.emplace_back().when.path = "/login";
    EXPECT_FALSE(watch("do=save").lets_in());
    rule.changes[0].user = rule.user;
    EXPECT_TRUE(watch("do=save").lets_in());
}

TEST_F(LoginWatching, ALogoutEndsTheSessionWhateverTheAnswer) {
    rule.logouts.emplace_back().when.emplace().path = "/logout";
    head = support::head(policy::Method::Get, "/logout");
    const auto logout = watch("");

    for (const auto& seen : {logout.observe(answer(refused)), logout.observe_silence()}) {
        ASSERT_TRUE(seen.event);
        EXPECT_TRUE(std::holds_alternative<policy::LoggedOut>(*seen.event));
    }
}

}  // namespace
}  // namespace gateway
