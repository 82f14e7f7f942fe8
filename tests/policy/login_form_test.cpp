#include "policy/login_form.h"

#include <gtest/gtest.h>

#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using State = FormField::State;
constexpr auto kFormType = "application/x-www-form-urlencoded";

LoginForm form_of(std::string_view query, std::string_view body, std::string_view type) {
    auto rule = support::form_login();
    rule.user.emplace_back(JsonSource{"/user"});
    auto form = LoginForm::open(rule, type, query).value();
    form.feed(body);
    form.finish();
    return form;
}

FormField user_of(std::string_view query, std::string_view body) {
    return form_of(query, body, kFormType).field("user");
}

TEST(LoginForm, AFieldMayStandInTheBodyOrInTheQuery) {
    EXPECT_EQ(user_of("", "user=ada").value, "ada");
    EXPECT_EQ(user_of("user=ada", "do=login").value, "ada");
    EXPECT_EQ(user_of("id=1", "do=login").state, State::Absent);
}

TEST(LoginForm, QueryAndBodyMaySayTheSame) {
    EXPECT_EQ(user_of("user=ada", "user=%61da").value, "ada");
}

TEST(LoginForm, WhatQueryAndBodySayDifferentlyHasNoValue) {  // Servlets take the query's.
    EXPECT_EQ(user_of("user=bob", "user=ada").state, State::Repeated);
    EXPECT_EQ(user_of("user=bob", "user=ada").value, "");
    EXPECT_EQ(user_of("USER=bob", "user=ada").state, State::Repeated);
    EXPECT_EQ(user_of("user=%zz", "user=ada").state, State::Repeated);
}

TEST(LoginForm, AQueryMayBeSeparatedBySemicolons) {
    EXPECT_EQ(user_of("a=1;b=2", "user=ada").value, "ada");
    EXPECT_EQ(user_of("a=1;user=bob", "user=ada").state, State::Repeated);
}

TEST(LoginForm, IsFinishedWithItsBody) {
    auto form = LoginForm::open(support::form_login(), kFormType, "user=ada").value();

    EXPECT_FALSE(form.is_finished());
    form.finish();
    EXPECT_TRUE(form.is_finished());
}

TEST(LoginForm, ReadsMultipartForms) {
    const auto form =
        form_of("", "--x\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nada\r\n--x--\r\n",
                "multipart/form-data; boundary=x");

    EXPECT_EQ(form.kind(), LoginForm::Kind::Form);
    EXPECT_EQ(form.field("user").value, "ada");
    EXPECT_TRUE(form.is_sound());
}

TEST(LoginForm, ReadsJson) {
    const auto form = form_of("", "{\"user\":\"ada\"}", "application/json");

    EXPECT_EQ(form.kind(), LoginForm::Kind::Json);
    EXPECT_EQ(form.json("/user").value, "ada");
    EXPECT_EQ(form.field("user").state, State::Absent);
}

TEST(LoginForm, DoesNotBelieveTheQueryBesideJson) {
    EXPECT_EQ(form_of("user=bob", "{\"user\":\"ada\"}", "application/json").field("user").state,
              State::Repeated);
}

TEST(LoginForm, HasNoJsonInAForm) {
    EXPECT_EQ(form_of("", "user=ada", kFormType).json("/user").state, State::Absent);
}

TEST(LoginForm, IsNotSoundWhenItIsAnotherThanItsType) {
    EXPECT_FALSE(form_of("", "{\"user\":\"ada\"}", kFormType).is_sound());
    EXPECT_FALSE(form_of("", "user=ada", "application/json").is_sound());
}

TEST(LoginForm, IsNothingForOtherKindsOfBodies) {
    for (const auto* type : {"", "text/plain", "text/xml", "multipart/mixed; boundary=x",
                             "application/x-www-form-urlencoded; charset=utf-7"})
        EXPECT_FALSE(LoginForm::open(support::form_login(), type, {})) << type;
}

}  // namespace
}  // namespace policy
