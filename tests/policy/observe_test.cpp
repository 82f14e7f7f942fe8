#include "policy/observe.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "policy/answer_match.h"
#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using Kind = LoginOutcome::Kind;
using support::facts;
using support::form_login;
using support::head;
using support::kNow;

ResponsePattern with_status(int status) {
    ResponsePattern pattern;
    pattern.status = {status};
    return pattern;
}

struct ALogin : testing::Test {
    RequestHead request = head(Method::Post, "/login");
    RequestFacts request_facts = facts(request);
    LoginRule rule = form_login();
    ResponseFacts response{302, {}, {"SID=1"}, nullptr, {}};

    LoginOutcome outcome(std::string_view body) {
        auto form =
            LoginForm::open(rule, "application/x-www-form-urlencoded", request.target).value();
        form.feed(body);
        form.finish();
        return classify_login(rule, {response, request_facts, rule.page, {}, kNow},
                              {&form, request_facts, response, kNow, {}});
    }
};

TEST_F(ALogin, SucceedsWhenTheAnswerSaysSoAndSomebodyIsNamed) {
    const auto seen = outcome("do=login&user=ada");

    EXPECT_EQ(seen.kind, Kind::Success);
    EXPECT_EQ(seen.user->text(), "ada");
    EXPECT_TRUE(seen.groups.empty());
}

TEST_F(ALogin, FailsOtherwiseAndTellsWhoTried) {
    response.status = 200;

    const auto seen = outcome("do=login&user=ada");

    EXPECT_EQ(seen.kind, Kind::Failure);
    EXPECT_EQ(seen.user->text(), "ada");
}

TEST_F(ALogin, IsUnclassifiedWhenBothRulesHoldOrNone) {
    rule.failure = with_status(302);
    EXPECT_EQ(outcome("user=ada").why, "both_match");

    response.status = 500;
    EXPECT_EQ(outcome("user=ada").why, "none_matches");
}

TEST_F(ALogin, IsUnclassifiedWhenNobodyIsNamed) {
    for (const auto* body : {"", "user=", "user=ada&user=bob", "user=%ff", "user=%0a"}) {
        const auto seen = outcome(body);
        EXPECT_EQ(seen.kind, Kind::Unclassified) << body;
        EXPECT_EQ(seen.why, "user_unreadable") << body;
    }
}

TEST_F(ALogin, KeepsBlanksAroundAName) {
    EXPECT_EQ(outcome("user=ada+").user->text(), "ada ");
}

TEST_F(ALogin, OfAVeryLongNameIsNotBelieved) {
    EXPECT_EQ(outcome("user=" + std::string(10'000, 'a')).why, "user_unreadable");
}

TEST_F(ALogin, IsPendingWhereTheNextRequestHasToConfirmIt) {
    rule.confirm.emplace();

    EXPECT_EQ(outcome("user=ada").kind, Kind::Pending);
}

TEST_F(ALogin, TakesGroupsFromTheMappingByTheExactName) {
    rule.groups.of_user = {{"ada", {"admins", "staff"}}};

    EXPECT_EQ(outcome("user=ada").groups, (std::vector<std::string>{"admins", "staff"}));
    EXPECT_TRUE(outcome("user=Ada").groups.empty());
}

// Any answer that a backend may give.
struct AnyAnswer {
    int status;
    std::string location;
    std::vector<std::string> cookies;
    std::string body;
    AnswerBody::State state;
};

AnyAnswer any_answer() {
    AnyAnswer answer;
    answer.status = *rc::gen::element(200, 302, 303, 401, 403, 500);
    answer.location = *rc::gen::element<std::string>("", "/", "/login", "//x", "https://app.test/",
                                                     "http://other.test/", "?x", "\x80");
    const auto count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i)
        answer.cookies.push_back(*rc::gen::element<std::string>(
            "SID=1", "SID=", "SID=1; Max-Age=0", "sid=2; Path=/x", "=", "SID=deleted; Expires=x"));
    answer.body = *rc::gen::element<std::string>("", "Welcome", "{\"ok\":true}", "{\"ok\":1", "[]");
    answer.state = *rc::gen::element(AnswerBody::State::Whole, AnswerBody::State::Begun,
                                     AnswerBody::State::Encoded, AnswerBody::State::CutOff);
    return answer;
}

// A condition, at most `depth` deep.
ResponsePattern any_condition(int depth) {
    ResponsePattern pattern;
    switch (*rc::gen::inRange(0, depth > 0 ? 9 : 6)) {
        case 0:
            return with_status(*rc::gen::element(200, 302, 403));
        case 1:
            pattern.set = CookieGlob{*rc::gen::element<std::string>("SID", "s*"), "*"};
            return pattern;
        case 2:
            pattern.deleted = "SID";
            return pattern;
        case 3:
            pattern.location = *rc::gen::element<std::string>("/", "*login", "https://*");
            return pattern;
        case 4:
            pattern.body = "Welcome";
            return pattern;
        case 5:
            pattern.json = {{"/ok", "true"}};
            return pattern;
        case 6:
            pattern.none.push_back(any_condition(depth - 1));
            return pattern;
        case 7:
            pattern.all = {any_condition(depth - 1), any_condition(depth - 1)};
            return pattern;
        default:
            pattern.any = {any_condition(depth - 1), any_condition(depth - 1)};
            return pattern;
    }
}

struct Seen {
    LoginOutcome outcome;
    Match success;
    Match failure;
};

Seen classified(const LoginRule& rule, const AnyAnswer& any) {
    const auto request = head(Method::Post, "/login");
    const auto request_facts = facts(request);
    ResponseFacts response{any.status, any.location, {}, nullptr, {any.state, any.body}};
    for (const auto& cookie : any.cookies) response.set_cookies.push_back(cookie);
    auto form = LoginForm::open(rule, "application/x-www-form-urlencoded", request.target).value();
    form.feed("user=ada");
    form.finish();
    const AnswerView view{response, request_facts, rule.page, {}, kNow};
    return {classify_login(rule, view, {&form, request_facts, response, kNow, {}}),
            match_answer(rule.success, view),
            rule.failure ? match_answer(*rule.failure, view) : Match::No};
}

TEST(ObserveProperties, AnAnswerThatMatchesNoSuccessRuleNeverYieldsAUser) {
    EXPECT_TRUE(rc::check([] {
        auto rule = form_login();
        rule.success = any_condition(3);
        if (*rc::gen::arbitrary<bool>()) rule.failure = any_condition(3);

        const auto seen = classified(rule, any_answer());

        const bool is_in = seen.outcome.kind == Kind::Success || seen.outcome.kind == Kind::Pending;
        RC_ASSERT(!is_in || (seen.success == Match::Yes && seen.failure == Match::No));
        RC_TAG(is_in);
    }));
}

TEST(ObserveProperties, WhatIsUnclassifiedAlwaysSaysWhy) {
    EXPECT_TRUE(rc::check([] {
        auto rule = form_login();
        rule.success = any_condition(2);
        rule.failure = any_condition(2);

        const auto seen = classified(rule, any_answer());

        RC_ASSERT((seen.outcome.kind == Kind::Unclassified) == !seen.outcome.why.empty());
    }));
}

}  // namespace
}  // namespace policy
