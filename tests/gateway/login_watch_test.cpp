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
    policy::ResponseFacts accepted{302, {}, {"SID=1"}};
    policy::ResponseFacts refused{200, {}, {}};
    policy::UserName ada{"ada"};
    const policy::UserName* user = nullptr;

    LoginWatch watch(std::string_view form, std::string_view type = kForm) {
        LoginWatch login = begin(form, type);
        login.finish();
        return login;
    }

    LoginWatch begin(std::string_view form, std::string_view type = kForm) {
        LoginWatch login(&rule, support::facts(head), type, user);
        login.feed(form);
        static_cast<void>(login.withholds_cookies());
        return login;
    }

    static void expect_in(const LoginWatch::Outcome& seen, std::string_view name) {
        ASSERT_TRUE(seen.event);
        const auto* login = std::get_if<policy::LoggedIn>(&*seen.event);
        ASSERT_NE(login, nullptr);
        EXPECT_EQ(login->user.text(), name);
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
    LoginWatch login(nullptr, support::facts(head), kForm, nullptr);
    login.feed("do=login&user=ada");
    login.finish();

    EXPECT_FALSE(login.decides_on_body());
    EXPECT_FALSE(login.withholds_cookies());
    expect_nothing(login.observe(accepted, kNow));
    expect_nothing(login.observe_silence());
}

TEST_F(LoginWatching, AnAcceptedFormIsALogin) {
    auto login = begin("do=login&us");
    login.feed("er=ada");
    login.finish();

    expect_in(login.observe(accepted, kNow), "ada");
}

TEST_F(LoginWatching, ARefusedFormIsAFailureAndLeavesTheSessionAlone) {
    const auto seen = watch("do=login&user=ada").observe(refused, kNow);

    EXPECT_FALSE(seen.event);
    ASSERT_TRUE(seen.login);
    EXPECT_EQ(seen.login->kind, Kind::Failure);
}

TEST_F(LoginWatching, AnotherFormOnTheSamePathIsNoLogin) {
    user = &ada;

    expect_nothing(watch("do=save&user=ada").observe(accepted, kNow));
}

TEST_F(LoginWatching, AnAnswerBeforeTheEndOfTheFormLogsNobodyIn) {
    const auto login = begin("do=login&user=ada");

    expect_doubt(login.observe(accepted, kNow), "form_incomplete");
    EXPECT_FALSE(login.observe(refused, kNow).ends_session());
}

TEST_F(LoginWatching, AnAcceptedLoginThatNamesNobodyEndsTheSession) {
    expect_doubt(watch("do=login&user=ada&+user=bob").observe(accepted, kNow), "user_unreadable");
    expect_doubt(watch("do=login&user=J%FCrgen").observe(accepted, kNow), "user_unreadable");
}

TEST_F(LoginWatching, AFormThatIsALoginForSomeBackendsEndsTheSession) {
    const auto login = watch("do=save&do=login&user=ada");

    expect_doubt(login.observe(accepted, kNow), "request_ambiguous");
    EXPECT_FALSE(login.observe(refused, kNow).ends_session());
    EXPECT_TRUE(login.observe(refused, kNow).login) << "a guess that nobody would count";
}

TEST_F(LoginWatching, ABodyThatIsNotReadCannotLogAnybodyIn) {
    const auto login = watch("do=login&user=ada", "multipart/form-data; boundary=x");

    expect_doubt(login.observe(accepted, kNow), "request_ambiguous");
}

TEST_F(LoginWatching, AUserMayUploadToThePathOfTheLogin) {
    user = &ada;
    const auto upload = watch("...", "multipart/form-data; boundary=x");

    expect_nothing(upload.observe({302, "/", {}}, kNow));
    expect_nothing(upload.observe_silence());
}

TEST_F(LoginWatching, AStrangerWhoGetsTheLoginsCookieElsewhereCameByAnUnknownDoor) {
    head.target = "/api/session";
    expect_doubt(watch("x").observe(accepted, kNow), "unknown_door");

    user = &ada;
    expect_nothing(watch("x").observe(accepted, kNow));
}

TEST_F(LoginWatching, WithoutACookieToKnowItByAnUnknownDoorIsNotSeen) {
    rule.success.set_cookie.reset();
    head.target = "/elsewhere";

    expect_nothing(watch("x").observe(accepted, kNow));
}

TEST_F(LoginWatching, SomebodyElsesLoginInAUsersSessionIsNotBelieved) {
    user = &ada;

    expect_doubt(watch("do=login&user=root").observe(accepted, kNow), "already_logged_in");
}

TEST_F(LoginWatching, TheSameUserMayLogInAgainWhenACookieProvesIt) {
    user = &ada;
    expect_in(watch("do=login&user=ada").observe(accepted, kNow), "ada");

    rule.success.set_cookie.reset();
    expect_doubt(watch("do=login&user=ada").observe(accepted, kNow), "already_logged_in");
}

TEST_F(LoginWatching, WithholdingMakesEverySuccessAProof) {
    rule.pre_login_cookies = PreLoginCookies::Withhold;
    user = &ada;
    LoginWatch login(&rule, support::facts(head), kForm, user);
    login.feed("do=login&user=root");
    login.finish();

    EXPECT_TRUE(login.decides_on_body());
    EXPECT_TRUE(login.withholds_cookies());
    expect_in(login.observe(accepted, kNow), "root");
}

TEST_F(LoginWatching, CookiesThatWereSentTooEarlyMakeASuccessDoubtful) {
    rule.pre_login_cookies = PreLoginCookies::Withhold;
    auto login = begin("padding=x&");
    login.feed("do=login&user=ada");
    login.finish();

    expect_doubt(login.observe(accepted, kNow), "form_too_late");
}

TEST_F(LoginWatching, CookiesAreWithheldOnlyFromLogins) {
    rule.pre_login_cookies = PreLoginCookies::Withhold;

    EXPECT_FALSE(watch("do=save").withholds_cookies());
    EXPECT_FALSE(watch("...", "multipart/form-data; boundary=x").withholds_cookies());
    rule.when.form.clear();
    EXPECT_TRUE(begin("user=").withholds_cookies()) << "a login whatever the form says";
}

TEST_F(LoginWatching, ALoginWithoutAnAnswerEndsTheSession) {
    expect_doubt(watch("do=login&user=ada").observe_silence(), "no_answer");
    expect_nothing(watch("do=save").observe_silence());
    expect_nothing(begin("do=login").observe_silence());
}

TEST_F(LoginWatching, ALogoutEndsTheSessionWhateverTheAnswer) {
    rule.logout.emplace();
    rule.logout->path = "/logout";
    head = support::head(policy::Method::Get, "/logout");
    const auto logout = watch("");

    for (const auto& seen : {logout.observe(refused, kNow), logout.observe_silence()}) {
        ASSERT_TRUE(seen.event);
        EXPECT_TRUE(std::holds_alternative<policy::LoggedOut>(*seen.event));
    }
}

}  // namespace
}  // namespace gateway
