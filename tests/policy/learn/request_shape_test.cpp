#include "policy/learn/request_shape.h"

#include <gmock/gmock.h>

#include "policy/learn/fields.h"
#include "tests/support/recording.h"

namespace policy::learn {
namespace {

using support::in;
using support::PlainLogin;
using support::recording_of;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Found {
    std::vector<RequestShape> shapes;
    Remarks remarks;
};

Found found_in(const Recording& recording) {
    Found found;
    const auto pair = find_login(recording, found.remarks);
    if (pair) found.shapes = shapes_of_login(recording, *pair, found.remarks);
    return found;
}

// Both attempts with the same target and form.
PlainLogin posting(const std::string& target, const std::string& form) {
    PlainLogin login;
    login.fail = in(Step::Fail, "POST", target).form(form);
    login.login = in(Step::Login, "POST", target).form(form);
    return login;
}

TEST(RequestShape, TheUserFieldTellsALogin) {
    const auto [shapes, remarks] = found_in(PlainLogin().recording());

    ASSERT_EQ(shapes.size(), 1);
    EXPECT_EQ(shapes[0].method, "POST");
    EXPECT_EQ(shapes[0].path, "/login");
    EXPECT_THAT(shapes[0].form, ElementsAre(NameValue{"user", "*"}));
    EXPECT_THAT(shapes[0].query, IsEmpty());
}

TEST(RequestShape, AnActionFieldIsPreferred) {
    const auto [shapes, remarks] =
        found_in(posting("/x", "a=b&do=enter&user=alice&pw=redacted").recording());

    EXPECT_THAT(shapes[0].form, ElementsAre(NameValue{"do", "enter"}));
    EXPECT_THAT(remarks, Contains(HasSubstr("`do`")));
}

TEST(RequestShape, AnActionInTheQueryStays) {
    const auto found = found_in(posting("/x?id=1&action=in", "user=alice&pw=redacted").recording());

    EXPECT_THAT(found.shapes[0].query, ElementsAre(NameValue{"action", "in"}));
}

TEST(RequestShape, TheLabelOfALoginButtonDoesNotCount) {
    const auto found = found_in(posting("/x", "user=alice&pw=redacted&login=Anmelden").recording());

    EXPECT_THAT(found.shapes[0].form, ElementsAre(NameValue{"login", "*"}));
}

TEST(RequestShape, AUserFieldThatIsCalledLoginIsNoAction) {
    const auto found = found_in(posting("/x", "login=alice&pw=redacted").recording());

    EXPECT_THAT(found.shapes[0].form, ElementsAre(NameValue{"login", "*"}));
}

TEST(RequestShape, WhatChangesIsNoConstant) {
    PlainLogin login;
    login.fail = in(Step::Fail, "POST", "/login").form("user=alice&pw=redacted&do=first");
    login.login = in(Step::Login, "POST", "/login").form("user=alice&pw=redacted&do=second");

    EXPECT_THAT(found_in(login.recording()).shapes[0].form, ElementsAre(NameValue{"user", "*"}));
}

TEST(RequestShape, MoreFieldsTellItFromOtherRequestsToThePath) {
    auto login = posting("/x", "user=alice&pw=redacted&kind=enter&z=1");
    login.page = in(Step::Page, "POST", "/x").form("user=alice&kind=profile&z=1");

    const auto [shapes, remarks] = found_in(login.recording());

    EXPECT_THAT(shapes[0].form, ElementsAre(NameValue{"user", "*"}, NameValue{"kind", "enter"}));
    EXPECT_THAT(remarks, Contains(HasSubstr("`kind` tells it from other requests")));
}

TEST(RequestShape, WhatCannotBeToldApartIsSaid) {
    auto login = PlainLogin();
    login.page = in(Step::Page, "POST", "/login").form("user=alice&other=1");

    EXPECT_THAT(found_in(login.recording()).remarks, Contains(HasSubstr("look at it")));
}

TEST(RequestShape, PathsThatDifferBecomeAGlob) {
    PlainLogin login;
    login.fail = in(Step::Fail, "POST", "/app/one/login").form("user=alice&pw=redacted");
    login.login = in(Step::Login, "POST", "/app/two/login").form("user=alice&pw=redacted");

    EXPECT_EQ(found_in(login.recording()).shapes[0].path, "/app/*/login");
}

TEST(RequestShape, OnePathInsideAnotherBecomesAGlobOfBoth) {
    PlainLogin login;
    login.fail = in(Step::Fail, "POST", "/login").form("user=alice&pw=redacted");
    login.login = in(Step::Login, "POST", "/login/login").form("user=alice&pw=redacted");

    const auto shape = found_in(login.recording()).shapes.at(0);

    EXPECT_TRUE(matches(shape, login.fail.operator Exchange().request)) << shape.path;
    EXPECT_TRUE(matches(shape, login.login.operator Exchange().request)) << shape.path;
}

TEST(RequestShape, AServletLoginIsAcceptedBelowAnyFolder) {
    const auto form = "j_username=alice&j_password=redacted";
    EXPECT_EQ(found_in(posting("/app/a/b/j_security_check;jsessionid=c1", form).recording())
                  .shapes[0]
                  .path,
              "/app/*j_security_check");
    EXPECT_EQ(found_in(posting("/j_security_check", form).recording()).shapes[0].path,
              "/*j_security_check");
}

TEST(RequestShape, JsonHasPointers) {
    PlainLogin login;
    const auto body = R"({"name":"alice","password":"redacted","op":"auth"})";
    login.fail = in(Step::Fail, "POST", "/rpc").json(body);
    login.login = in(Step::Login, "POST", "/rpc").json(body);

    EXPECT_THAT(found_in(login.recording()).shapes[0].json, ElementsAre(NameValue{"/op", "auth"}));
}

Exchange basic(Step step, const std::string& path, int status) {
    return in(step, "GET", path)
        .header("Authorization", basic_authorization({"alice", "redacted"}))
        .status(status);
}

std::vector<std::string> paths_of(const Recording& recording) {
    std::vector<std::string> paths;
    for (const auto& shape : found_in(recording).shapes) {
        EXPECT_TRUE(shape.basic);
        paths.push_back(shape.path);
    }
    return paths;
}

TEST(RequestShape, BasicCountsOnlyWhereThePasswordWasAskedFor) {
    EXPECT_THAT(paths_of(recording_of({basic(Step::Fail, "/m", 401), basic(Step::Login, "/m", 200),
                                       basic(Step::Login, "/open.gif", 200)})),
                ElementsAre("/m", "/m/*"));
}

TEST(RequestShape, BasicDoesNotCountBelowWhatIsOpenToAnybody) {
    EXPECT_THAT(
        paths_of(recording_of({in(Step::Visit, "GET", "/m/open"), basic(Step::Fail, "/m", 401),
                               basic(Step::Login, "/m", 200)})),
        ElementsAre("/m"));
    EXPECT_THAT(paths_of(recording_of({basic(Step::Fail, "/", 401), basic(Step::Login, "/", 200)})),
                ElementsAre("/*"));
}

TEST(RequestShape, BasicDoesNotCountWhereAnybodyGotInAtAll) {
    EXPECT_THAT(paths_of(recording_of({in(Step::Visit, "GET", "/m"), basic(Step::Fail, "/m", 401),
                                       basic(Step::Login, "/m", 200)})),
                IsEmpty());
}

TEST(RequestShape, BasicThatIsRefusedOtherwiseCounts) {
    EXPECT_THAT(
        paths_of(recording_of({basic(Step::Fail, "/m", 403), basic(Step::Login, "/m", 200)})),
        ElementsAre("/m", "/m/*"));
    EXPECT_THAT(
        paths_of(recording_of({basic(Step::Fail, "/m", 302), basic(Step::Login, "/m", 200)})),
        IsEmpty());
}

TEST(RequestShape, ConstantsAreShortWords) {
    for (const auto* word : {"login", "Log In", "a/b", "1", "v2", "100"})
        EXPECT_TRUE(is_constant_word(word)) << word;
    for (const auto* word : {"", "c1", "redacted", "20260302", "a*b", "<b>",
                             "a very long text that nobody would call a word"})
        EXPECT_FALSE(is_constant_word(word)) << word;
}

}  // namespace
}  // namespace policy::learn
