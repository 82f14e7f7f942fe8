#include "policy/learn/rewrite.h"

#include <gtest/gtest.h>

#include "tests/support/recording.h"

namespace policy::learn {
namespace {

using support::in;

Exchange with_x_changed(Exchange exchange) {
    change_fields(exchange, [](std::string_view name, std::string_view) {
        return name == "x" ? std::optional<std::string>("new") : std::nullopt;
    });
    return exchange;
}

TEST(Rewrite, ChangesFieldsInEveryPlace) {
    const auto changed = with_x_changed(in(Step::Page, "POST", "/a?b=1&x=%41")
                                            .form("x=1&y=2&x=3")
                                            .header("Referer", "http://h/?x=1")
                                            .leads_to("/c?x=1#d")
                                            .answers_json(R"({"x":1,"y":[{"x":[2,3]}]})"));

    EXPECT_EQ(changed.request.target, "/a?b=1&x=new");
    EXPECT_EQ(changed.request.body.text, "x=new&y=2&x=new");
    EXPECT_EQ(changed.request.headers[1].value, "http://h/?x=new");
    EXPECT_EQ(changed.response.body.text, R"({"x":"new","y":[{"x":["new","new"]}]})");
}

TEST(Rewrite, LeavesEverythingElseAsItWasWritten) {
    const auto changed = with_x_changed(
        in(Step::Page, "POST", "/a?&&b=%41+c&=&d").form("&y=%zz&=").answers_json("{ \"y\" : 1 }"));

    EXPECT_EQ(changed.request.target, "/a?&&b=%41+c&=&d");
    EXPECT_EQ(changed.request.body.text, "&y=%zz&=");
    EXPECT_EQ(changed.response.body.text, "{ \"y\" : 1 }");
}

TEST(Rewrite, AWordIsReplacedOnlyWhereItStandsAlone) {
    const auto replaced = [](std::string text) {
        replace_word(text, "abcd", "X");
        return text;
    };

    EXPECT_EQ(replaced("abcd abcd,\"abcd\"=abcd"), "X X,\"X\"=X");
    EXPECT_EQ(replaced("xabcd abcdx 1abcd abcd1"), "xabcd abcdx 1abcd abcd1");
    EXPECT_EQ(replaced("abcdabcd"), "abcdabcd");
    EXPECT_EQ(replaced(""), "");
}

}  // namespace
}  // namespace policy::learn
