#include "policy/learn/answer_match.h"

#include <gtest/gtest.h>

#include "tests/support/recording.h"

namespace policy::learn {
namespace {

using support::in;

Exchange plain() {
    return in(Step::Login, "POST", "/")
        .status(302)
        .leads_to("http://h/home?a=1")
        .sets("A=1")
        .sets("B=deleted; Max-Age=0")
        .answer("X-User", "alice")
        .answers_json(R"({"ok":true})");
}

Condition with(void (*set)(Condition&)) {
    Condition condition;
    set(condition);
    return condition;
}

void expect_holds(void (*set)(Condition&)) {
    EXPECT_TRUE(holds(with(set), plain(), "/login"));
}

void expect_fails(void (*set)(Condition&)) {
    EXPECT_FALSE(holds(with(set), plain(), "/login"));
}

TEST(AnswerMatch, EveryPartCanHold) {
    expect_holds([](Condition& c) { c.status = {200, 302}; });
    expect_holds([](Condition& c) { c.redirect = Redirect::Elsewhere; });
    expect_holds([](Condition& c) { c.location = "/home?a=*"; });
    expect_holds([](Condition& c) { c.set_cookie = "A*"; });
    expect_holds([](Condition& c) { c.set_cookie = "A=1"; });
    expect_holds([](Condition& c) { c.deleted_cookie = "B"; });
    expect_holds([](Condition& c) { c.headers = {{"x-user", "al*"}}; });
    expect_holds([](Condition& c) { c.json = {{"/ok", "true"}}; });
    expect_holds([](Condition& c) { c.body = "ok"; });
    expect_holds([](Condition& c) { c.without_body = "error"; });
}

TEST(AnswerMatch, EveryPartCanFail) {
    expect_fails([](Condition& c) { c.status = {200}; });
    expect_fails([](Condition& c) { c.redirect = Redirect::LoginPage; });
    expect_fails([](Condition& c) { c.location = "/other"; });
    expect_fails([](Condition& c) { c.set_cookie = "B"; });
    expect_fails([](Condition& c) { c.set_cookie = "A=2"; });
    expect_fails([](Condition& c) { c.deleted_cookie = "A"; });
    expect_fails([](Condition& c) { c.headers = {{"X-Other", "*"}}; });
    expect_fails([](Condition& c) { c.json = {{"/ok", "false"}}; });
    expect_fails([](Condition& c) { c.body = "error"; });
    expect_fails([](Condition& c) { c.without_body = "ok"; });
}

TEST(AnswerMatch, AllPartsMustHold) {
    expect_fails([](Condition& c) {
        c.status = {302};
        c.set_cookie = "C";
    });
}

TEST(AnswerMatch, AnEmptyConditionHoldsForNothing) {
    expect_fails([](Condition&) {});
}

// The page of a wiki that has its login in the query: back to the wiki is not back to the login.
TEST(AnswerMatch, TheLoginPageIsComparedAsTheGatewayDoes) {
    EXPECT_EQ(redirect_of(in(Step::Fail, "POST", "/").leads_to("/doku.php?id=start"),
                          "/doku.php?do=login"),
              Redirect::Elsewhere);
    EXPECT_EQ(redirect_of(in(Step::Fail, "POST", "/").leads_to("http://h/login?error=1&next=x"),
                          "/login?next=x"),
              Redirect::LoginPage);
    EXPECT_EQ(redirect_of(in(Step::Fail, "POST", "/").leads_to("/login"), ""), Redirect::Elsewhere);
    EXPECT_FALSE(redirect_of(in(Step::Fail, "POST", "/"), "/login"));
}

TEST(AnswerMatch, ARelativeRedirectIsResolved) {
    EXPECT_EQ(redirect_of(in(Step::Fail, "POST", "/app/do.php?x").leads_to("login.php?e=1"),
                          "/app/login.php"),
              Redirect::LoginPage);
}

TEST(AnswerMatch, ACookieThatIsOnlyEmptiedIsSet) {
    Condition condition;
    condition.set_cookie = "A=-del-";

    EXPECT_TRUE(holds(condition, in(Step::Logout, "GET", "/").sets("A=-del-"), ""));
}

}  // namespace
}  // namespace policy::learn
