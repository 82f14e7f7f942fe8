#include "policy/learn/fields.h"

#include <gmock/gmock.h>

#include "tests/support/recording.h"

namespace policy::learn {
namespace {

using support::in;
using testing::ElementsAre;
using testing::IsEmpty;

RecordedRequest request_of(const Exchange& exchange) {
    return exchange.request;
}

TEST(Fields, ATargetHasPathQueryAndPathParameters) {
    const auto parts = split_target("/a;jsessionid=1;x/b;v=2?c=d&e");

    EXPECT_EQ(parts.path, "/a/b");
    EXPECT_EQ(parts.query, "c=d&e");
    EXPECT_THAT(parts.path_parameters,
                ElementsAre(NameValue{"jsessionid", "1"}, NameValue{"x", ""}, NameValue{"v", "2"}));
}

TEST(Fields, OfALocationTheOriginDoesNotCount) {
    EXPECT_EQ(split_target("http://host:8080/a?b").path, "/a");
    EXPECT_EQ(split_target("http://host:8080").path, "/");
    EXPECT_EQ(split_target("//host/a#b?c").path, "/a");
    EXPECT_EQ(split_target("/a?to=http://host/b").path, "/a");
    EXPECT_EQ(split_target("").path, "/");
}

TEST(Fields, ALocationIsResolvedAgainstItsRequest) {
    const auto resolved = [](std::string location) {
        const auto parts = location_of(
            in(Step::Fail, "POST", "/a/b;jsessionid=1?q").leads_to(std::move(location)));
        return target_text(*parts);
    };

    EXPECT_EQ(resolved("http://h/x?y"), "/x?y");
    EXPECT_EQ(resolved("/x?y#z"), "/x?y");
    EXPECT_EQ(resolved("?username=alice"), "/a/b?username=alice");
    EXPECT_EQ(resolved(""), "/a/b");
    EXPECT_EQ(resolved("c.php?d"), "/a/c.php?d");
    EXPECT_EQ(resolved("./c"), "/a/c");
    EXPECT_EQ(resolved("../c"), "/c");
    EXPECT_EQ(resolved("../../../c"), "/c");
    EXPECT_EQ(resolved("."), "/a/");
    EXPECT_FALSE(location_of(in(Step::Fail, "POST", "/")));
}

TEST(Fields, OnlyAbsoluteUrlsHaveAnAuthority) {
    EXPECT_EQ(authority_of("http://host:8080/a"), "host:8080");
    EXPECT_EQ(authority_of("https://host?x"), "host");
    EXPECT_EQ(authority_of("//host/a"), "host");
    EXPECT_EQ(authority_of("/a//b"), "");
    EXPECT_EQ(authority_of("/a?to=http://host/"), "");
    EXPECT_EQ(authority_of(""), "");
}

TEST(Fields, AnUrlencodedFormIsDecoded) {
    const auto fields =
        form_fields(request_of(in(Step::Fail, "POST", "/").form("a+b=c%26d&&auth%5Bu%5D=x=y&e")));

    EXPECT_THAT(fields, ElementsAre(NameValue{"a b", "c&d"}, NameValue{"auth[u]", "x=y"},
                                    NameValue{"e", ""}));
}

TEST(Fields, AMultipartFormHasFieldsAndFiles) {
    auto request = request_of(in(Step::Fail, "POST", "/")
                                  .header("Content-Type", "multipart/form-data; boundary=\"--x\""));
    request.body.text =
        "----x\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nal\r\nice\r\n"
        "----x\r\ncontent-disposition: form-data; name=file; filename=a.txt\r\n\r\nsecret\r\n"
        "----x--\r\n";

    EXPECT_THAT(form_fields(request),
                ElementsAre(NameValue{"user", "al\r\nice"}, NameValue{"file", ""}));
}

TEST(Fields, ABrokenMultipartFormIsNoCrash) {
    auto request = request_of(
        in(Step::Fail, "POST", "/").header("Content-Type", "multipart/form-data; boundary=x"));
    for (const auto* body : {"", "--x", "--x\r\n", "--x\r\n\r\n", "--x\r\nContent-Disposition:",
                             "--x\r\nContent-Disposition: form-data; name=\"\r\n\r\nv"}) {
        request.body.text = body;
        EXPECT_LE(form_fields(request).size(), 1U) << body;
    }
    request.headers = {{"Content-Type", "multipart/form-data"}};
    EXPECT_THAT(form_fields(request), IsEmpty());
}

TEST(Fields, OtherBodiesAreNoForms) {
    EXPECT_THAT(form_fields(request_of(in(Step::Fail, "POST", "/").json("{}"))), IsEmpty());
    EXPECT_THAT(form_fields(request_of(in(Step::Fail, "POST", "/"))), IsEmpty());
}

TEST(Fields, JsonIsReadWhereTheTypeSaysSo) {
    EXPECT_THAT(json_fields({{"Content-Type", "application/vnd.x+json; charset=utf-8"}},
                            {R"({"a":1})", false, false}),
                ElementsAre(NameValue{"/a", "1"}));
    EXPECT_THAT(json_fields({{"Content-Type", "text/html"}}, {R"({"a":1})", false, false}),
                IsEmpty());
    EXPECT_THAT(json_fields({{"Content-Type", "application/json"}}, {"{", false, false}),
                IsEmpty());
}

TEST(Fields, CookiesOfAllLinesCount) {
    const auto request =
        request_of(in(Step::Fail, "GET", "/").cookie("a=1; b=2=3;c").cookie("  d=4"));

    EXPECT_THAT(sent_cookies(request), ElementsAre(NameValue{"a", "1"}, NameValue{"b", "2=3"},
                                                   NameValue{"c", ""}, NameValue{"d", "4"}));
}

TEST(Fields, BasicCredentialsAreRead) {
    const auto with = [](std::string value) {
        return basic_credentials(
            request_of(in(Step::Fail, "GET", "/").header("Authorization", std::move(value))));
    };

    EXPECT_EQ(with("Basic YWxpY2U6YTpi")->user, "alice");
    EXPECT_EQ(with("basic  YWxpY2U6YTpi")->password, "a:b");
    EXPECT_EQ(with("Basic Pz8/Oj8/Pw==")->user, "???");
    EXPECT_FALSE(with("Basic YWxpY2U="));
    EXPECT_FALSE(with("Basic !"));
    EXPECT_FALSE(with("Bearer YWxpY2U6YTpi"));
    EXPECT_FALSE(basic_credentials({}));
}

TEST(Fields, BasicCredentialsAreWrittenAsTheyAreRead) {
    for (const auto* password : {"", "a", "ab", "abc", "?>?>?~~~"}) {
        const auto request =
            request_of(in(Step::Fail, "GET", "/")
                           .header("Authorization", basic_authorization({"alice", password})));
        EXPECT_EQ(basic_credentials(request)->password, password);
    }
}

TEST(Fields, StaticResourcesAreKnownByTypeOrName) {
    EXPECT_TRUE(is_static_resource(in(Step::Visit, "GET", "/a.PNG?x=1")));
    EXPECT_TRUE(is_static_resource(
        in(Step::Visit, "GET", "/css.php").answer("Content-Type", "text/css; charset=utf-8")));
    EXPECT_FALSE(is_static_resource(in(Step::Visit, "GET", "/a.php").page("")));
}

}  // namespace
}  // namespace policy::learn
