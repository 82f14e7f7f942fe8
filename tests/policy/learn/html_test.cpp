#include "policy/learn/html.h"

#include <gmock/gmock.h>

namespace policy::learn {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Html, InputsAreFoundWithTheirValues) {
    const auto inputs = inputs_of(
        "<form><INPUT Type=HIDDEN name='sectok' value=\"a&quot;b&amp;c\"/><input name=u>"
        "<input type=password name=p autocomplete=\"OFF\" required></form>");

    ASSERT_EQ(inputs.size(), 3);
    EXPECT_EQ(inputs[0].type, "hidden");
    EXPECT_EQ(inputs[0].name, "sectok");
    EXPECT_EQ(inputs[0].value, "a\"b&c");
    EXPECT_EQ(inputs[1].type, "text");
    EXPECT_EQ(inputs[2].name, "p");
    EXPECT_EQ(inputs[2].autocomplete, "off");
}

TEST(Html, WhatStandsInScriptsAndCommentsIsNotThere) {
    const auto* html =
        "<!-- <input name=a> --><script>x = '<input name=b>';</script><style><input name=c></style>"
        "<input name=d>";

    EXPECT_EQ(inputs_of(html).size(), 1);
    EXPECT_THAT(texts_of("a<!-- b --><script>c</script>d"), ElementsAre("a", "d"));
}

TEST(Html, AnglesWithinQuotesDoNotEndATag) {
    EXPECT_EQ(inputs_of("<input name='a>b' value=\"c>d\">")[0].value, "c>d");
}

TEST(Html, TextsAreTrimmedAndStandOnALineEach) {
    EXPECT_THAT(texts_of("<p> one \n\t two\n</p>three"), ElementsAre("one", "two", "three"));
}

TEST(Html, BrokenPagesAreNoCrash) {
    for (const auto* html : {"", "<", "<>", "</", "<!--", "<input", "<input name", "<input name=",
                             "<input name='", "<input =x>", "<script>", "<script", "<a/b/c>"}) {
        EXPECT_LE(tags_of(html).size(), 1U) << html;
        (void)inputs_of(html);
        (void)texts_of(html);
    }
    EXPECT_THAT(tags_of("no tags"), IsEmpty());
}

}  // namespace
}  // namespace policy::learn
