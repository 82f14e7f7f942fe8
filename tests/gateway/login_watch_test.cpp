#include "gateway/login_watch.h"

#include <gtest/gtest.h>

#include "tests/support/policy_parts.h"

namespace gateway {
namespace {

using support::kNow;
constexpr auto kForm = "application/x-www-form-urlencoded";

struct LoginWatching : testing::Test {
    policy::LoginRule rule = support::form_login();
    policy::RequestHead head = support::head(policy::Method::Post, "/login");
    policy::ResponseFacts accepted{302, {}, {"SID=1"}};

    LoginWatch watch(const policy::LoginRule* observed) {
        return {observed, support::facts(head), kForm};
    }
};

TEST_F(LoginWatching, WithoutARuleNothingIsALogin) {
    auto login = watch(nullptr);
    login.feed("do=login&user=ada");
    login.finish();

    EXPECT_FALSE(login.reads_body());
    EXPECT_FALSE(login.observe(accepted, kNow).event);
}

TEST_F(LoginWatching, AnAcceptedFormIsALogin) {
    auto login = watch(&rule);
    login.feed("do=login&us");
    login.feed("er=ada");
    login.finish();

    const auto seen = login.observe(accepted, kNow);

    ASSERT_TRUE(seen.event);
    EXPECT_EQ(std::get<policy::LoggedIn>(*seen.event).user.text(), "ada");
}

TEST_F(LoginWatching, AnAnswerBeforeTheEndOfTheFormLogsNobodyIn) {
    auto login = watch(&rule);
    login.feed("do=login&user=ada");

    const auto seen = login.observe(accepted, kNow);

    EXPECT_FALSE(seen.event);
    ASSERT_TRUE(seen.login);
    EXPECT_EQ(seen.login->kind, policy::LoginOutcome::Kind::Unclassified);
}

TEST_F(LoginWatching, AnotherFormOnTheSamePathIsNoLogin) {
    auto login = watch(&rule);
    login.feed("do=save&user=ada");
    login.finish();

    const auto seen = login.observe(accepted, kNow);

    EXPECT_FALSE(seen.event);
    EXPECT_FALSE(seen.login);
}

TEST_F(LoginWatching, CookiesAreWithheldOnlyFromLogins) {
    rule.pre_login_cookies = policy::LoginRule::PreLoginCookies::Withhold;
    auto login = watch(&rule);
    auto other = watch(&rule);

    login.feed("do=login&user=ada");
    login.finish();
    other.feed("do=save");
    other.finish();

    EXPECT_TRUE(login.decides_on_body());
    EXPECT_TRUE(login.withholds_cookies());
    EXPECT_FALSE(other.withholds_cookies());
}

}  // namespace
}  // namespace gateway
