#include "policy/learn/find_login.h"

#include <gmock/gmock.h>

#include "policy/learn/fields.h"
#include "tests/support/recording.h"

namespace policy::learn {
namespace {

using support::in;
using support::PlainLogin;
using support::recording_of;
using testing::ElementsAre;
using testing::HasSubstr;

std::optional<LoginPair> found_in(const Recording& recording) {
    Remarks missing;
    return find_login(recording, missing);
}

Remarks missing_in(const Recording& recording) {
    Remarks missing;
    EXPECT_FALSE(find_login(recording, missing));
    return missing;
}

std::string basic(const std::string& user) {
    return basic_authorization({user, "redacted"});
}

TEST(FindLogin, AFormWithTheUserNameInBothStepsIsIt) {
    const auto recording = PlainLogin().recording();

    const auto pair = found_in(recording);

    ASSERT_TRUE(pair);
    EXPECT_EQ(pair->success, &recording.exchanges[3]);
    EXPECT_THAT(pair->failures, ElementsAre(&recording.exchanges[1]));
    EXPECT_EQ(pair->user.source, UserSource::Form);
    EXPECT_EQ(pair->user.name, "user");
}

TEST(FindLogin, JsonIsFoundByItsPointer) {
    PlainLogin login;
    login.fail =
        in(Step::Fail, "POST", "/login").json(R"({"who":{"name":"alice"},"password":"redacted"})");
    login.login =
        in(Step::Login, "POST", "/login").json(R"({"who":{"name":"alice"},"password":"redacted"})");
    const auto recording = login.recording();

    const auto pair = found_in(recording);

    ASSERT_TRUE(pair);
    EXPECT_EQ(pair->user.source, UserSource::Json);
    EXPECT_EQ(pair->user.name, "/who/name");
}

TEST(FindLogin, BasicCredentialsAreFound) {
    const auto recording =
        recording_of({in(Step::Fail, "GET", "/m").header("Authorization", basic("alice")),
                      in(Step::Login, "GET", "/m").header("Authorization", basic("alice"))});

    EXPECT_EQ(found_in(recording)->user.source, UserSource::Basic);
}

TEST(FindLogin, TheCaseOfTheNameDoesNotCount) {
    PlainLogin login;
    login.fail = in(Step::Fail, "POST", "/login").form("user=ALICE&pw=redacted");

    EXPECT_TRUE(found_in(login.recording()));
}

TEST(FindLogin, ARequestWithoutAPasswordIsNotTheLogin) {
    const auto recording = recording_of({
        in(Step::Fail, "POST", "/exists").form("name=alice"),
        in(Step::Fail, "POST", "/login").form("user=alice&pw=redacted"),
        in(Step::Login, "POST", "/exists").form("name=alice"),
        in(Step::Login, "POST", "/login").form("user=alice&pw=redacted"),
    });

    EXPECT_EQ(found_in(recording)->success, &recording.exchanges[3]);
}

TEST(FindLogin, OfSeveralLoginsTheLastOneSucceeded) {
    const auto attempt = [](Step step) {
        return in(step, "POST", "/login").form("user=alice&pw=redacted");
    };
    const auto recording = recording_of(
        {attempt(Step::Fail), attempt(Step::Fail), attempt(Step::Login), attempt(Step::Login)});

    const auto pair = found_in(recording);

    EXPECT_EQ(pair->failures.size(), 2);
    EXPECT_EQ(pair->success, &recording.exchanges[3]);
}

TEST(FindLogin, AnotherPathWillDoWhenThereIsNoOther) {
    PlainLogin login;
    login.login = in(Step::Login, "POST", "/again/login").form("user=alice&pw=redacted");

    EXPECT_TRUE(found_in(login.recording()));
}

TEST(FindLogin, AFieldThatSoundsLikeAUserComesFirst) {
    const auto places = places_of_user(in(Step::Fail, "POST", "/")
                                           .form("x=alice&j_username=alice&y=bob")
                                           .
                                           operator Exchange()
                                           .request,
                                       "alice");

    ASSERT_EQ(places.size(), 2);
    EXPECT_EQ(places[0].name, "j_username");
    EXPECT_EQ(places[1].name, "x");
}

TEST(FindLogin, WithoutAFailureThereIsNone) {
    const auto missing = missing_in(
        recording_of({in(Step::Login, "POST", "/login").form("user=alice&pw=redacted")}));

    EXPECT_THAT(missing, ElementsAre(HasSubstr("No request of the step `fail`")));
}

TEST(FindLogin, TheLoginOfAnotherUserIsNone) {
    PlainLogin login;
    login.login = in(Step::Login, "POST", "/login").form("user=bob&pw=redacted");

    EXPECT_THAT(missing_in(login.recording()),
                ElementsAre(HasSubstr("No request of the step `login`")));
}

TEST(FindLogin, AnEmptyRecordingHasNone) {
    EXPECT_EQ(missing_in(recording_of({})).size(), 2);
}

TEST(FindLogin, DifferentFieldsHaveNothingInCommon) {
    PlainLogin login;
    login.login = in(Step::Login, "POST", "/login").form("other=alice&pw=redacted");

    EXPECT_THAT(missing_in(login.recording()), ElementsAre(HasSubstr("no field in common")));
}

TEST(FindLogin, APasswordInTheQueryIsToldPlainly) {
    EXPECT_THAT(missing_in(support::read_case("password_in_query")),
                testing::Contains(HasSubstr("travels in the query")));
}

}  // namespace
}  // namespace policy::learn
