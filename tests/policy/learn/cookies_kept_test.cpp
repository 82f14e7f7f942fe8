#include "policy/learn/cookies_kept.h"

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

std::vector<std::string> modes_in(const Recording& recording) {
    std::vector<std::string> modes;
    for (const auto& [name, mode, why] : cookie_modes(recording))
        modes.push_back(name + " " + mode);
    return modes;
}

TEST(CookiesKept, WhatTheBackendSetsStaysInTheVault) {
    PlainLogin login;
    login.visit.sets("sid=c1; HttpOnly").sets("lang=c2");
    login.fail.cookie("sid=c1; lang=c2");

    EXPECT_THAT(modes_in(login.recording()), IsEmpty());
}

TEST(CookiesKept, WhatOnlyScriptsSetPasses) {
    PlainLogin login;
    login.fail.cookie("theme=c1");

    EXPECT_THAT(modes_in(login.recording()), ElementsAre("theme pass"));

    login.visit.sets("theme=");
    EXPECT_THAT(modes_in(login.recording()), IsEmpty()) << "the backend knows it";
}

TEST(CookiesKept, TokensForScriptsAreReadable) {
    PlainLogin login;
    login.visit.sets("XSRF-TOKEN=c1").sets("csrftoken=c2").sets("csrf_secret=c3; HttpOnly");
    login.login.sets("XSRF-TOKEN=c4");

    EXPECT_THAT(modes_in(login.recording()),
                ElementsAre("XSRF-TOKEN readable", "csrftoken readable"));
}

LearnedLogin learned_from(const PlainLogin& login) {
    return *analyse(login.recording()).login;
}

TEST(CookiesKept, ALoginThatSetsAllAnewMayCarryTheOldOnes) {
    PlainLogin login;
    login.visit.sets("sid=c1");
    login.login.cookie("sid=c1").sets("sid=c2");
    login.page.cookie("sid=c2; theme=c3");

    EXPECT_EQ(learned_from(login).pre_login_cookies, PreLoginCookies::Send);
}

TEST(CookiesKept, APreferenceMayGetLost) {
    PlainLogin login;
    login.visit.sets("sid=c1").sets("lang=c2; Max-Age=99; HttpOnly");
    login.login.cookie("sid=c1; lang=c2").sets("sid=c3");
    login.page.cookie("sid=c3; lang=c2");

    EXPECT_EQ(learned_from(login).pre_login_cookies, PreLoginCookies::Send);
}

TEST(CookiesKept, BasicCredentialsGetNoSessionOfAnother) {
    EXPECT_EQ(analyse(support::read_case("tomcat_manager")).login->pre_login_cookies,
              PreLoginCookies::Withhold);
}

TEST(CookiesKept, ALoginThatGoesOnWithTheOldOnesGetsNone) {
    PlainLogin login;
    login.visit.sets("sid=c1");
    login.login.cookie("sid=c1");
    login.page.cookie("sid=c1");

    const auto learned = learned_from(login);

    EXPECT_EQ(learned.pre_login_cookies, PreLoginCookies::Withhold);
    EXPECT_THAT(learned.pre_login_remarks, Contains(HasSubstr("goes on with `sid`")));
}

TEST(CookiesKept, AFormWithAHiddenTokenKeepsThem) {
    PlainLogin login;
    login.visit.sets("sid=c1").page(
        "<input name=user><input type=hidden name=tok value=8f14e45fceea167a>");
    login.fail =
        in(Step::Fail, "POST", "/login").form("user=alice&pw=redacted&tok=8f14e45fceea167a");
    login.login =
        in(Step::Login, "POST", "/login").form("user=alice&pw=redacted&tok=8f14e45fceea167a");
    login.page.cookie("sid=c1");

    const auto learned = learned_from(login);

    EXPECT_EQ(learned.pre_login_cookies, PreLoginCookies::Keep);
    EXPECT_THAT(learned.pre_login_remarks, Contains(HasSubstr("`tok`")));
}

TEST(CookiesKept, WithoutAPageTheyAreWithheld) {
    auto recording = PlainLogin().recording();
    std::erase_if(recording.exchanges,
                  [](const Exchange& each) { return each.step == Step::Page; });

    EXPECT_EQ(analyse(recording).login->pre_login_cookies, PreLoginCookies::Withhold);
}

TEST(CookiesKept, PathParametersWithIdsAreNamed) {
    const auto recording = support::recording_of(
        {in(Step::Visit, "GET", "/a;JSESSIONID=c1").page("<a href=\"/b;sid=c2?x\">text;sess=1</a>"),
         in(Step::Visit, "GET", "/a;v=1").leads_to("/c;PHPSESSID=c3")});

    EXPECT_THAT(session_parameters(recording), ElementsAre("jsessionid", "phpsessid", "sid"));
    EXPECT_THAT(session_parameters(PlainLogin().recording()), IsEmpty());
}

}  // namespace
}  // namespace policy::learn
