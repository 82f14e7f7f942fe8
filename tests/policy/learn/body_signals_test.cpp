#include "policy/learn/body_signals.h"

#include <gtest/gtest.h>

#include "tests/support/recording.h"

namespace policy::learn {
namespace {

using support::in;

RecordedResponse page(const std::string& html) {
    return in(Step::Login, "POST", "/").page(html).operator Exchange().response;
}

RecordedResponse json(const std::string& text) {
    return in(Step::Login, "POST", "/").answers_json(text).operator Exchange().response;
}

std::string signal(Meaning meaning, const std::string& yes, const std::string& no) {
    const auto left = page(yes);
    const auto right = page(no);
    return body_signal({&left}, {&right}, meaning, "alice");
}

TEST(BodySignals, WhatSoundsLikeAFailureIsPreferred) {
    EXPECT_EQ(signal(Meaning::Failure, "<p>Good morning</p><div id=\"pma_errors\">x</div>", ""),
              "id=\"pma_errors\"");
    EXPECT_EQ(signal(Meaning::Failure, "<p>Good morning</p><b>Invalid password</b>", ""),
              "Invalid password");
}

TEST(BodySignals, WhatSoundsLikeALogoutIsPreferredForSuccess) {
    EXPECT_EQ(signal(Meaning::Success, "<p>Good morning</p><a href=\"/logout\">Bye bye</a>", ""),
              "href=\"/logout\"");
}

TEST(BodySignals, OtherwiseAnythingThatLastsWillDo) {
    EXPECT_EQ(signal(Meaning::Success, "<p>Good morning</p>", "<p>Good evening</p>"),
              "Good morning");
}

TEST(BodySignals, WhatIsOfTheMomentTellsNothing) {
    for (const auto* text : {"<p>Hello alice!</p>", "<p>It is 10:00:21</p>", "<p>2026-03-02</p>",
                             "<p>token deadbeefcafe</p>", "<p>Gr\xC3\xBC\xC3\x9F Gott</p>",
                             "<p>short</p>", "<p class=\"item 12345\"></p>"})
        EXPECT_EQ(signal(Meaning::Success, text, ""), "") << text;
}

TEST(BodySignals, WhatStandsOnBothSidesTellsNothing) {
    EXPECT_EQ(signal(Meaning::Success, "<p>Good morning</p>", "...Good morning..."), "");
}

TEST(BodySignals, OfABodyThatIsCutNothingIsKnown) {
    const auto left = page("<p>Good morning</p>");
    auto right = page("<p>Good evening</p>");
    right.body.truncated = true;

    EXPECT_EQ(body_signal({&left}, {&right}, Meaning::Success, "alice"), "");
}

TEST(BodySignals, AnAttributeMustStandInThePageAsItIsWritten) {
    EXPECT_EQ(signal(Meaning::Failure, "<p class=errors-here>x</p>", ""), "");
}

std::optional<NameValue> scalar(const std::string& yes, const std::string& no) {
    const auto left = json(yes);
    const auto right = json(no);
    return json_signal({&left}, {&right});
}

TEST(BodySignals, AScalarThatNamesTheOutcomeIsPreferred) {
    EXPECT_EQ(scalar(R"({"a":"x","success":true})", R"({"a":"y","success":false})"),
              (NameValue{"/success", "true"}));
}

TEST(BodySignals, AScalarThatIsThereOnOneSideWillDo) {
    EXPECT_EQ(scalar(R"({"token":"c1"})", R"({"error":"x"})"), (NameValue{"/token", "*"}));
}

TEST(BodySignals, EqualScalarsTellNothing) {
    EXPECT_FALSE(scalar(R"({"a":1})", R"({"a":1})"));
    EXPECT_FALSE(scalar(R"({"token":"c1"})", R"({"token":"c2"})"));
    EXPECT_FALSE(json_signal({}, {}));
}

}  // namespace
}  // namespace policy::learn
