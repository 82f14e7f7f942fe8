#include "policy/learn/policy_text.h"

#include <gmock/gmock.h>

#include "policy/learn/analyse.h"
#include "policy/learn/redact.h"
#include "policy/learn/self_check.h"
#include "tests/support/recording.h"

namespace policy::learn {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class LearnedPolicies : public testing::TestWithParam<const char*> {};

// tests/cases/recordings: what was seen, and beside it what must be learned from it.
TEST_P(LearnedPolicies, AreThoseBesideTheirRecordings) {
    const auto recording = redact(support::read_case(GetParam()));

    const auto learned = analyse(recording);
    PolicyPlaces places;
    places.host = recording.host;

    EXPECT_EQ(policy_text(learned, places, {}),
              support::read_text(std::string(GetParam()) + ".yaml"));
    if (learned.login && learned.login->tells_success()) {
        EXPECT_THAT(self_check(*learned.login, recording), IsEmpty());
    }
}

INSTANTIATE_TEST_SUITE_P(Recordings, LearnedPolicies,
                         testing::Values("dokuwiki", "phpmyadmin", "tomcat_form", "tomcat_manager",
                                         "adminer", "express_form", "express_json", "portal_text",
                                         "nothing_tells", "no_failure", "no_logout",
                                         "password_in_query"),
                         [](const auto& each) {
                             std::string words = each.param;
                             std::erase(words, '_');
                             return words;
                         });

Learned learned_by_status() {
    support::PlainLogin login;
    login.fail.status(401);
    return analyse(login.recording());
}

TEST(PolicyText, DoubtsStandAboveTheRule) {
    const auto text = policy_text(learned_by_status(), {}, {"POST /x failed"});

    EXPECT_THAT(text, HasSubstr("  # LOOK AT THIS"));
    EXPECT_THAT(text, HasSubstr("  # - POST /x failed\n  app-login:\n"));
}

TEST(PolicyText, ABackendElsewhereHasItsReason) {
    PolicyPlaces places;
    places.backend = "http://10.0.0.1:80";
    places.insecure_plaintext = "own switch: \"really\"";

    const auto text = policy_text(learned_by_status(), places, {});

    EXPECT_THAT(text, HasSubstr("servers: [ \"http://10.0.0.1:80\" ]"));
    EXPECT_THAT(text, HasSubstr("insecure_plaintext: { reason: \"own switch: \\\"really\\\"\" }"));
}

TEST(PolicyText, WhatTheBackendSaysCannotLeaveItsPlace) {
    support::PlainLogin login;
    login.fail.status(401).cookie("a\nroutes: []=1");
    const auto form = std::string("x%0Aroutes%3A+%5B%5D=alice&pw=redacted");
    login.fail = support::in(Step::Fail, "POST", "/login").form(form).status(401);
    login.login = support::in(Step::Login, "POST", "/login").form(form).sets("b\": {=c2");

    const auto text = policy_text(analyse(login.recording()), {}, {});

    EXPECT_THAT(text, HasSubstr("\"x\\x0aroutes: []\""));
    EXPECT_THAT(text, Not(HasSubstr("\nroutes: []")));
}

TEST(PolicyText, ABodyLimitIsWrittenWhereItIsNeeded) {
    auto learned = learned_by_status();
    EXPECT_THAT(policy_text(learned, {}, {}), Not(HasSubstr("body_limit")));

    learned.login->body_limit = 128 * 1024;
    EXPECT_THAT(policy_text(learned, {}, {}), HasSubstr("    body_limit: 128KiB\n"));
}

TEST(PolicyText, AConfirmationWithoutARedirectNamesItsPage) {
    auto learned = learned_by_status();
    auto& confirm = learned.login->confirm.emplace();
    confirm.when.emplace().path = "/home";
    confirm.success.status = {200};

    EXPECT_THAT(
        policy_text(learned, {}, {}),
        HasSubstr("    confirm:\n      when: { path: /home }\n      success: { status: 200 }\n"
                  "      failure: otherwise\n"));
}

TEST(PolicyText, EveryPartOfAConditionIsWritten) {
    auto learned = learned_by_status();
    auto& success = learned.login->success;
    success.status = {200, 204};
    success.redirect = Redirect::LoginPage;
    success.location = "/a*";
    success.set_cookie = "b";
    success.deleted_cookie = "c";
    success.headers = {{"X-D", "*"}};
    success.json = {{"/e", "true"}};
    success.body = "f";
    success.without_body = "g";

    EXPECT_THAT(policy_text(learned, {}, {}),
                HasSubstr("success: { status: [ 200, 204 ], redirect: login_page, "
                          "location: \"/a*\", set_cookie: b, deleted_cookie: c, "
                          "headers: { X-D: \"*\" }, json: { /e: \"true\" }, body: f, "
                          "not: { body: g } }\n"));
}

}  // namespace
}  // namespace policy::learn
