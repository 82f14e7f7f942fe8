#include "policy/basic_credentials.h"

#include <gtest/gtest.h>

#include "tests/support/heads.h"

namespace policy {
namespace {

using State = BasicUser::State;

BasicUser user_of(std::string_view value) {
    return basic_user(support::fields({{"authorization", value}}));
}

TEST(BasicCredentials, NameTheUserBeforeTheFirstColon) {
    const auto user = user_of("Basic YWRhOnBhc3M6d29yZA==");  // ada:pass:word

    EXPECT_EQ(user.state, State::Present);
    EXPECT_EQ(user.name, "ada");
    EXPECT_EQ(user_of("bAsIc   YWRhOg==").name, "ada");
    EXPECT_EQ(user_of("Basic YWRhOg").name, "ada") << "without padding";
    EXPECT_EQ(user_of("Basic w7/DvjovPw==").name, "\xC3\xBF\xC3\xBE") << "with + and /";
}

TEST(BasicCredentials, AreAbsentWithoutTheScheme) {
    EXPECT_EQ(basic_user({}).state, State::Absent);
    EXPECT_EQ(user_of("Bearer YWRhOg==").state, State::Absent);
    EXPECT_EQ(user_of("Basically YWRhOg==").state, State::Absent);
}

TEST(BasicCredentials, AreUnreadableWhenTheyAreNotAsTheStandardSays) {
    for (const auto* value :
         {"Basic", "Basic ", "Basic !", "Basic YWRh", "Basic YWRhOg=", "Basic YWRhOg===",
          "Basic YWRh_g==", "Basic YWRhOg== x", "Basic\tYWRhOg=="})
        EXPECT_EQ(user_of(value).state, State::Unreadable) << value;
}

TEST(BasicCredentials, AreUnreadableWhenTheyComeTwice) {
    const auto fields =
        support::fields({{"Authorization", "Basic YWRhOg=="}, {"Authorization", "Basic Ym9iOg=="}});

    EXPECT_EQ(basic_user(fields).state, State::Unreadable);
}

}  // namespace
}  // namespace policy
