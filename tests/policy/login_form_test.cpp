#include "policy/login_form.h"

#include <gtest/gtest.h>

#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using State = FormField::State;

FormField user_of(std::string_view query, std::string_view body) {
    LoginForm form(support::form_login(), query);
    form.feed(body);
    form.finish();
    return form.field("user");
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
    LoginForm form(support::form_login(), "user=ada");

    EXPECT_FALSE(form.is_finished());
    form.finish();
    EXPECT_TRUE(form.is_finished());
}

}  // namespace
}  // namespace policy
