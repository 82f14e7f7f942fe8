#include "policy/learn/self_check.h"

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

struct SelfCheck : testing::Test {
    Recording recording = [] {
        PlainLogin plain;
        plain.fail.status(401);
        return plain.recording();
    }();
    LearnedLogin login = *analyse(recording).login;

    [[nodiscard]] Remarks check() const { return self_check(login, recording); }
};

TEST_F(SelfCheck, AGoodRuleTellsAllOfTheRecording) {
    EXPECT_THAT(check(), IsEmpty());
}

TEST_F(SelfCheck, AFailureThatWouldLogInIsTold) {
    login.success.status = {200, 401};

    EXPECT_THAT(check(), ElementsAre(HasSubstr("of the step `fail` failed, and would be a login")));
}

TEST_F(SelfCheck, ALoginThatWouldFailIsTold) {
    login.success.status = {500};

    EXPECT_THAT(check(), ElementsAre(HasSubstr("no request of the recording would be a login")));
}

TEST_F(SelfCheck, AnAnswerThatIsNeitherIsTold) {
    login.failure.emplace().status = {500};

    EXPECT_THAT(check(), Contains(HasSubstr("neither a login nor a failure")));
}

TEST_F(SelfCheck, AnAttemptThatIsNotSeenIsTold) {
    login.when[0].path = "/other";

    EXPECT_THAT(check(), Contains(HasSubstr("would not be counted")));
}

TEST_F(SelfCheck, AnotherRequestThatWouldBeALoginIsTold) {
    login.when[0].path = "/*";
    login.when[0].method = "";
    login.when[0].form.clear();

    EXPECT_THAT(check(), Contains(HasSubstr("GET /page of the step `page` is no login")));
}

TEST_F(SelfCheck, ALogoutThatIsNoneIsTold) {
    login.logout.push_back({});
    login.logout.back().path = "/page";

    EXPECT_THAT(check(), ElementsAre(HasSubstr("is no logout, and would be taken for one")));
}

TEST_F(SelfCheck, AnAnswerThatWouldLogOutIsTold) {
    recording.exchanges[5] = in(Step::Page, "GET", "/page").sets("a=; Max-Age=0");
    login.logout_answers.emplace_back().deleted_cookie = "a";

    EXPECT_THAT(check(), ElementsAre(HasSubstr("is no logout, and would be taken for one")));
}

TEST_F(SelfCheck, WhatStrangersLoseIsNoLogout) {
    recording.exchanges[0] = in(Step::Visit, "GET", "/login").sets("a=; Max-Age=0");
    recording.exchanges.insert(recording.exchanges.begin() + 3,
                               in(Step::Login, "GET", "/login").sets("a=; Max-Age=0"));
    login.logout_answers.emplace_back().deleted_cookie = "a";

    EXPECT_THAT(check(), IsEmpty());
}

TEST(SelfCheckOfConfirmations, FollowTheRedirect) {
    PlainLogin login;
    login.fail.leads_to("/next");
    login.after_fail.status(403);
    login.login.leads_to("/next");
    const auto recording = login.recording();
    auto learned = *analyse(recording).login;

    EXPECT_THAT(self_check(learned, recording), IsEmpty());

    learned.confirm->success.status = {200, 403};
    EXPECT_THAT(self_check(learned, recording), Contains(HasSubstr("would be a login")));
}

}  // namespace
}  // namespace policy::learn
