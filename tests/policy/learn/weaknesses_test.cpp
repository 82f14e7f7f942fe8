#include "policy/learn/weaknesses.h"

#include <gmock/gmock.h>

#include "policy/learn/analyse.h"
#include "tests/support/recording.h"

namespace policy::learn {
namespace {

using support::in;
using support::PlainLogin;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Remarks weaknesses_in(const PlainLogin& login) {
    return analyse(login.recording()).weaknesses;
}

PlainLogin with_id(const std::string& after_login) {
    PlainLogin login;
    login.visit.sets("sid=c1; HttpOnly; Secure; SameSite=Lax");
    login.login.cookie("sid=c1");
    login.page.cookie("sid=" + after_login);
    return login;
}

TEST(Weaknesses, AGoodBackendHasNone) {
    PlainLogin login;
    login.fail.status(401);

    EXPECT_THAT(weaknesses_in(login), IsEmpty());
}

TEST(Weaknesses, TheSameIdBeforeAndAfterTheLoginIsFixation) {
    EXPECT_THAT(weaknesses_in(with_id("c1")), Contains(HasSubstr("Session fixation: `sid`")));
    EXPECT_THAT(weaknesses_in(with_id("c2")), Not(Contains(HasSubstr("fixation"))));
}

TEST(Weaknesses, AnIdOfTheBrowsersOwnIsAdopted) {
    PlainLogin login;
    login.page.cookie("PHPSESSID=c1; theme=c2");

    EXPECT_THAT(weaknesses_in(login), Contains(HasSubstr("id of its own (`PHPSESSID`)")));
    EXPECT_THAT(weaknesses_in(login), Not(Contains(HasSubstr("theme"))));
}

TEST(Weaknesses, AnIdThatSurvivesTheLogoutIsTold) {
    auto login = with_id("c2");
    login.logout.cookie("sid=c2");
    EXPECT_THAT(weaknesses_in(login), Contains(HasSubstr("The logout leaves `sid`")));

    login.logout.sets("sid=c2");
    EXPECT_THAT(weaknesses_in(login), Contains(HasSubstr("The logout leaves `sid`")));

    login.logout.sets("sid=; Max-Age=0");
    EXPECT_THAT(weaknesses_in(login), Not(Contains(HasSubstr("The logout leaves"))));
}

TEST(Weaknesses, AttributesThatLackAreNamed) {
    PlainLogin login;
    login.visit.sets("a=c1").sets("b=c2; HttpOnly; SameSite=None").sets("a=c3");

    const auto weaknesses = weaknesses_in(login);

    EXPECT_THAT(weaknesses, Contains("The cookie `a` lacks: HttpOnly Secure SameSite."));
    EXPECT_THAT(weaknesses, Contains("The cookie `b` lacks: Secure."));
    EXPECT_EQ(weaknesses.size(), 2);
}

TEST(Weaknesses, ADeletionThatIsNoneIsTold) {
    PlainLogin login;
    login.logout.sets("a=-del-");

    EXPECT_THAT(weaknesses_in(login), Contains(HasSubstr("is not deleted but set to `-del-`")));
}

TEST(Weaknesses, ACookieThatIsEmptyIsNoIdThatIsLeft) {
    PlainLogin login;
    login.fail.sets("sid=; HttpOnly");
    login.logout.cookie("sid=");

    EXPECT_THAT(weaknesses_in(login), Not(Contains(HasSubstr("The logout leaves"))));
    EXPECT_THAT(weaknesses_in(login), Contains(HasSubstr("set to nothing")));
}

TEST(Weaknesses, IdsOutsideCookiesAreToldWithTheirPlace) {
    PlainLogin login;
    login.page = in(Step::Page, "GET", "/a;jsessionid=c1?s=c1")
                     .page("<input type=hidden name=set_session value=c1>");

    const auto weaknesses = weaknesses_in(login);

    EXPECT_THAT(weaknesses, Contains(HasSubstr("in the path of GET /a")));
    EXPECT_THAT(weaknesses, Contains(HasSubstr("in the query of GET /a (`s`)")));
    EXPECT_THAT(weaknesses, Contains(HasSubstr("hidden field `set_session`")));
}

TEST(Weaknesses, RedirectsOutOfTlsAreToldOnce) {
    PlainLogin login;
    login.fail.leads_to("http://h/a");
    login.login.leads_to("HTTP://h/b");

    const auto weaknesses = weaknesses_in(login);

    ASSERT_EQ(weaknesses.size(), 1);
    EXPECT_THAT(weaknesses[0], HasSubstr("the first: POST /login"));
}

TEST(Weaknesses, APasswordInTheQueryIsTold) {
    EXPECT_THAT(find_weaknesses(support::read_case("password_in_query"), nullptr),
                Contains("A password travels in the query of GET /enter."));
}

TEST(Weaknesses, TheFormIsLookedAt) {
    PlainLogin login;
    login.visit.page("<input name=user><input name=pw><input type=password autocomplete=off>");

    const auto weaknesses = weaknesses_in(login);

    EXPECT_THAT(weaknesses, Contains(HasSubstr("shows the password while it is typed")));
    EXPECT_THAT(weaknesses, Contains(HasSubstr("password managers")));
}

}  // namespace
}  // namespace policy::learn
