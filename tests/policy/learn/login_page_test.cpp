#include "policy/learn/login_page.h"

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

std::string page_of(const std::string& target) {
    Remarks remarks;
    return page_target(in(Step::Visit, "GET", target), remarks);
}

TEST(LoginPage, IsTheLastOneWithTheFormBeforeTheFirstAttempt) {
    auto recording = PlainLogin().recording();
    recording.exchanges.insert(recording.exchanges.begin(),
                               in(Step::Visit, "GET", "/old").page(support::kLoginForm));
    recording.exchanges.insert(recording.exchanges.begin() + 2,
                               in(Step::Visit, "GET", "/other").page("<p>no form</p>"));

    EXPECT_EQ(analyse(recording).login->page, "/login");
}

TEST(LoginPage, MayBeMissing) {
    PlainLogin login;
    login.visit.page("<p>no form</p>");

    const auto learned = analyse(login.recording());

    EXPECT_EQ(learned.login->page, "");
    EXPECT_THAT(learned.login->page_remarks, Contains(HasSubstr("No page with the login form")));
}

TEST(LoginPage, KeepsAShortQueryWithoutTokens) {
    EXPECT_EQ(page_of("/doku.php?id=start&do=login&sectok="), "/doku.php?id=start&do=login");
    EXPECT_EQ(page_of("/login?next=%2Fhome"), "/login?next=%2Fhome");
    EXPECT_EQ(page_of("/login?s=c1&t=8f14e45fceea167a&csrftoken=x&p=redacted"), "/login");
    EXPECT_EQ(page_of("/login?a=" + std::string(65, 'x')), "/login");
    EXPECT_EQ(page_of("/login;jsessionid=c1"), "/login");
}

TEST(LoginPage, APathWithTwoReadingsIsNotNamed) {
    Remarks remarks;

    EXPECT_EQ(page_target(in(Step::Visit, "GET", "/a//b"), remarks), "");
    EXPECT_THAT(remarks, Contains(HasSubstr("more than one reading")));
}

TEST(LoginPage, HiddenValuesThatComeBackAreTokens) {
    const Exchange page = in(Step::Visit, "GET", "/")
                              .page(
                                  "<input type=hidden name=a value=8f14e45fceea167a><input "
                                  "type=hidden name=b value=login>"
                                  "<input type=hidden name=c value=c1><input type=hidden name=d "
                                  "value=8f14e45fceea167a>"
                                  "<input type=hidden name=a value=8f14e45fceea167a><input name=e "
                                  "value=8f14e45fceea167a>");
    const Exchange login = in(Step::Login, "POST", "/").form("a=1&b=1&c=1&e=1");

    EXPECT_THAT(hidden_tokens(page, login.request), ElementsAre("a", "c"));
}

TEST(LoginPage, TokensAreLongAndHaveDigits) {
    EXPECT_TRUE(looks_like_token("8f14e45fceea"));
    EXPECT_TRUE(looks_like_token("c17"));
    for (const auto* value :
         {"", "start", "short1", "averylongwordwithoutdigits", "/path/to/number/12345"})
        EXPECT_FALSE(looks_like_token(value)) << value;
}

}  // namespace
}  // namespace policy::learn
