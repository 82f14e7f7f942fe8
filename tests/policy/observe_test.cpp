#include "policy/observe.h"

#include <gtest/gtest.h>

#include "tests/support/case_file.h"
#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using Kind = LoginOutcome::Kind;
using support::facts;
using support::form_login;
using support::head;
using support::kNow;

constexpr auto kFormType = "application/x-www-form-urlencoded";

LoginForm form_of(const LoginRule& rule, std::string_view body) {
    LoginForm form(rule, {});
    form.feed(body);
    form.finish();
    return form;
}

const char* name(Kind kind) {
    switch (kind) {
        case Kind::Success:
            return "success";
        case Kind::Failure:
            return "failure";
        case Kind::Unclassified:
            break;
    }
    return "unclassified";
}

// The answer of a case: `status`, `location` and Set-Cookie lines one per line.
ResponseFacts answer_of(const support::Case& each, const std::string& cookies) {
    ResponseFacts response;
    response.status = std::stoi(each.text("status"));
    std::string_view rest = cookies;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        response.set_cookies.push_back(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return response;
}

LoginRule rule_of(const support::Case& each) {
    auto rule = form_login();
    if (each.has("success location")) rule.success.location = each.text("success location");
    if (each.has("success deletes")) {
        rule.success.set_cookie.reset();
        rule.success.deleted_cookie = each.text("success deletes");
    }
    if (each.has("failure status")) {
        rule.failure.emplace();
        rule.failure->status = {std::stoi(each.text("failure status"))};
    }
    return rule;
}

class LoginAnswers : public testing::TestWithParam<support::Case> {};

TEST_P(LoginAnswers, MeanWhatTheTableSays) {
    const auto& each = GetParam();
    const auto rule = rule_of(each);
    const auto form = form_of(rule, each.text("form"));
    const auto cookies = each.text("cookies");
    const auto location = each.text("location");
    auto response = answer_of(each, cookies);
    response.location = location;

    const auto outcome = classify_login(rule, &form, response, kNow);

    EXPECT_STREQ(name(outcome.kind), each.text("means").c_str()) << each;
    EXPECT_EQ(outcome.user ? outcome.user->text() : "", each.text("user")) << each;
    EXPECT_EQ(outcome.why, each.text("why")) << each;
}

INSTANTIATE_TEST_SUITE_P(Observe, LoginAnswers,
                         testing::ValuesIn(support::read_cases("login_answers.txt")));

LoginRequest kind_of(Method method, std::string_view target, std::string_view type = kFormType) {
    const auto request = head(method, target);
    return looks_like_login(form_login(), facts(request), type);
}

TEST(Observe, ALoginIsRecognisedByMethodPathAndForm) {
    EXPECT_EQ(kind_of(Method::Post, "/login?x=1"), LoginRequest::AskForm);
    EXPECT_EQ(kind_of(Method::Get, "/login"), LoginRequest::No);
    EXPECT_EQ(kind_of(Method::Post, "/login/x"), LoginRequest::No);
}

TEST(Observe, AnySpellingOfTheLoginPathIsTheLoginPath) {
    for (const auto* target :
         {"/%6Cogin", "//login", "/login;jsessionid=1", "/login;x=1?y", "/login."})
        EXPECT_EQ(kind_of(Method::Post, target), LoginRequest::AskForm) << target;
}

TEST(Observe, ABodyThatIsNotReadMayBeALoginForTheBackend) {
    for (const auto* type : {"text/plain", "multipart/form-data; boundary=x", "application/json",
                             "", "application/x-www-form-urlencoded; charset=utf-7"})
        EXPECT_EQ(kind_of(Method::Post, "/login", type), LoginRequest::Doubtful) << type;
}

TEST(Observe, AQueryParameterThatComesTwiceIsDoubtful) {
    auto rule = form_login();
    rule.when.form.clear();
    rule.when.query = {{"route", "/"}};

    EXPECT_EQ(looks_like_login(rule, facts(head(Method::Post, "/login?route=%2F")), {}),
              LoginRequest::Yes);
    EXPECT_EQ(looks_like_login(rule, facts(head(Method::Post, "/login?route=/&route=/")), {}),
              LoginRequest::Doubtful);
    EXPECT_EQ(looks_like_login(rule, facts(head(Method::Post, "/login?route=%zz")), {}),
              LoginRequest::Doubtful);
    EXPECT_EQ(looks_like_login(rule, facts(head(Method::Post, "/login?route=x")), {}),
              LoginRequest::No);
}

TEST(Observe, AFormIsOpenUntilItIsComplete) {
    const auto rule = form_login();
    LoginForm form(rule, {});

    form.feed("do=save&user=ada&");
    EXPECT_EQ(judge_form(rule, form), FormVerdict::Open) << "PHP takes the last `do`";

    form.feed("do=login");
    form.finish();
    EXPECT_EQ(judge_form(rule, form), FormVerdict::Doubtful);
}

TEST(Observe, AFormIsJudgedByItsFields) {
    const auto rule = form_login();

    EXPECT_EQ(judge_form(rule, form_of(rule, "user=ada&do=login")), FormVerdict::Yes);
    EXPECT_EQ(judge_form(rule, form_of(rule, "user=ada&do=save")), FormVerdict::No);
    EXPECT_EQ(judge_form(rule, form_of(rule, "user=ada")), FormVerdict::No);
    EXPECT_EQ(judge_form(rule, form_of(rule, "user=ada&+do=login")), FormVerdict::Doubtful);
    EXPECT_EQ(judge_form(rule, form_of(rule, "user=ada&do=%zz")), FormVerdict::Doubtful);
}

TEST(Observe, AFormMayBeCompletedByTheQuery) {
    const auto rule = form_login();
    LoginForm form(rule, "do=login");
    form.feed("user=ada");
    form.finish();

    EXPECT_EQ(judge_form(rule, form), FormVerdict::Yes);
}

TEST(Observe, AnIncompleteFormLogsNobodyIn) {
    const auto rule = form_login();
    LoginForm form(rule, {});
    form.feed("do=login&user=ada&");
    ResponseFacts response;
    response.status = 302;
    response.set_cookies = {"SID=1"};

    const auto outcome = classify_login(rule, &form, response, kNow);

    EXPECT_EQ(outcome.kind, Kind::Unclassified);
    EXPECT_EQ(outcome.why, "form_incomplete");
}

TEST(Observe, ALogoutIsRecognisedByItsRequest) {
    auto rule = form_login();
    rule.logout.emplace();
    rule.logout->path = "/doku.php";
    rule.logout->query = {{"do", "logout"}};

    EXPECT_TRUE(is_logout(rule, facts(head(Method::Get, "/doku.php?id=start&do=logout&sectok="))));
    EXPECT_FALSE(is_logout(rule, facts(head(Method::Get, "/doku.php?do=show"))));
    EXPECT_FALSE(is_logout(form_login(), facts(head(Method::Get, "/doku.php?do=logout"))));
}

TEST(Observe, ALogoutIsRecognisedInAnySpellingOfItsPath) {
    auto rule = form_login();
    rule.logout.emplace();
    rule.logout->path = "/logout";

    EXPECT_TRUE(is_logout(rule, facts(head(Method::Get, "//logout"))));
    EXPECT_TRUE(is_logout(rule, facts(head(Method::Get, "/logout;jsessionid=1"))));
}

TEST(Observe, UserNamesAreBoundedAndKeptAsTheyAre) {
    EXPECT_EQ(parse_user_name("ada ")->text(), "ada ") << "another account than `ada` for some";
    EXPECT_EQ(parse_user_name("j\xC3\xB6rg")->text(), "j\xC3\xB6rg");
    EXPECT_TRUE(parse_user_name(std::string(256, 'a')));
    EXPECT_FALSE(parse_user_name(std::string(257, 'a')));
    EXPECT_FALSE(parse_user_name(""));
    EXPECT_FALSE(parse_user_name("   "));
    EXPECT_FALSE(parse_user_name("ada\r\nX-Admin: 1"));
    EXPECT_FALSE(parse_user_name(std::string_view("a\0b", 3)));
    EXPECT_FALSE(parse_user_name("\xFF"));
}

}  // namespace
}  // namespace policy
