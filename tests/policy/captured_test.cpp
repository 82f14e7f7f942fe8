#include "policy/captured.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace policy {
namespace {

using State = FormField::State;

std::string text_of(const FormField& field) {
    switch (field.state) {
        case State::Absent:
            return "(absent)";
        case State::Present:
            return field.value;
        case State::Repeated:
            return "(repeated)";
        case State::TooLong:
            return "(too long)";
        case State::Malformed:
            break;
    }
    return "(malformed)";
}

std::string within(std::string_view pattern, std::string_view text) {
    return text_of(CapturePattern::within(pattern).value().capture(text));
}

std::string whole(std::string_view pattern, std::string_view text) {
    return text_of(CapturePattern::whole(pattern).value().capture(text));
}

TEST(CapturePattern, FindsANameInAPage) {
    constexpr std::string_view kPattern = "Logged in as <b>{}</b>";

    EXPECT_EQ(within(kPattern, "<p>Logged in as <b>alice</b> (<b>x</b>)</p>"), "alice");
    EXPECT_EQ(within(kPattern, "Logged in as <b></b>"), "");
    EXPECT_EQ(within(kPattern, "<b>alice</b>, you are logged in"), "(absent)");
    EXPECT_EQ(within(kPattern, ""), "(absent)");
}

TEST(CapturePattern, AStarInAPageIsAStar) {
    EXPECT_EQ(within("by *{}*", "x by *alice* y"), "alice");
    EXPECT_EQ(within("by *{}*", "by alice"), "(absent)");
}

TEST(CapturePattern, PlacesThatAgreeAreOne) {
    EXPECT_EQ(within("<b>{}</b>", "<b>alice</b> and <b>alice</b>"), "alice");
}

TEST(CapturePattern, PlacesThatDifferAreNone) {
    EXPECT_EQ(within("<b>{}</b>", "<b>alice</b> and <b>bob</b>"), "(repeated)");
    EXPECT_EQ(within("<b>{}</b>", "<b>alice</b> and <b>alice</b><b></b>"), "(repeated)");
    EXPECT_EQ(within("<b>{}</b>", "<b>x <b>alice</b>"), "(repeated)");
    EXPECT_EQ(within("aa{}b", "aaacb"), "(repeated)");
}

TEST(CapturePattern, APlaceThatWasCutOffMayBeAnother) {
    EXPECT_EQ(within("<b>{}</b>", "<b>alice"), "(too long)");
    EXPECT_EQ(within("<b>{}</b>", "<b>alice</b> and <b>bo"), "(repeated)");
}

TEST(CapturePattern, ACaptureMayBeAsLongAsTheLimit) {
    const std::string longest(CapturePattern::kMaxCapture, 'v');

    EXPECT_EQ(within("<b>{}</b>", "<b>" + longest + "</b>"), longest);
    EXPECT_EQ(within("<b>{}</b>", "<b>v" + longest + "</b>"), "(too long)");
    for (const auto* pattern : {"who={}", "{}|*", "*={}", "*={}|*"}) {
        const auto text = [&](const std::string& name) {
            const auto gap = std::string_view(pattern).find("{}");
            std::string filled = pattern;
            filled.replace(gap, 2, name);
            std::erase(filled, '*');
            return filled;
        };
        EXPECT_EQ(whole(pattern, text(longest)), longest) << pattern;
        EXPECT_EQ(whole(pattern, text(longest + "v")), "(too long)") << pattern;
    }
}

TEST(CapturePattern, CoversAWholeValue) {
    EXPECT_EQ(whole("{}", "alice"), "alice");
    EXPECT_EQ(whole("{}", ""), "");
    EXPECT_EQ(whole("who={};", "who=alice;"), "alice");
    EXPECT_EQ(whole("who={};", "who=a;b;"), "a;b");
    for (const auto* value : {"xwho=alice;", "who=alice;x", "who=alice", "who=", "who", ""})
        EXPECT_EQ(whole("who={};", value), "(absent)") << value;
}

TEST(CapturePattern, WhatComesBeforeAndAfterDoesNotOverlap) {
    EXPECT_EQ(whole("ab{}ba", "aba"), "(absent)");
    EXPECT_EQ(whole("ab{}ba", "abba"), "");
}

TEST(CapturePattern, AnythingMayFollowAStarAtTheEnd) {
    EXPECT_EQ(whole("{}|*", "alice|123|x"), "alice");
    EXPECT_EQ(whole("{}|*", "alice|"), "alice");
    EXPECT_EQ(whole("{}|*", "alice"), "(absent)");
    EXPECT_EQ(whole("u:{}|*", "x u:alice|"), "(absent)");
}

TEST(CapturePattern, AnythingMayPrecedeAStarInFront) {
    EXPECT_EQ(whole("*|{}", "123|alice"), "alice");
    EXPECT_EQ(whole("*|{}", "|alice"), "alice");
    EXPECT_EQ(whole("*|{}", "alice"), "(absent)");
    EXPECT_EQ(whole("*|{}", "1|2|alice"), "(repeated)");
    EXPECT_EQ(whole("*uid={},*", "cn=x,uid=alice,dc=y"), "alice");
    EXPECT_EQ(whole("*uid={},*", "uid=bob,uid=alice,dc=y"), "(repeated)");
    EXPECT_EQ(whole("*uid={},*", "uid=alice,uid=bob"), "alice");
}

TEST(CapturePattern, SaysWhatIsWrongWithIt) {
    const auto why_not_within = [](auto text) { return CapturePattern::within(text).error(); };
    const auto why_not_whole = [](auto text) { return CapturePattern::whole(text).error(); };

    EXPECT_EQ(why_not_within("Hello"), "lacks the {} that stands for the value");
    EXPECT_EQ(why_not_within("<b>{}</b>{}"), "has more than one {}");
    EXPECT_EQ(why_not_within("{}</b>"), "needs some text before and after the {}");
    EXPECT_EQ(why_not_within("<b>{}"), "needs some text before and after the {}");
    EXPECT_EQ(why_not_whole("who"), "lacks the {} that stands for the value");
    EXPECT_EQ(why_not_whole("{}{}"), "has more than one {}");
    for (const auto* text : {"a*b{}", "**a{}", "{}a*b", "a*{}", "{}*a", "{}a**"})
        EXPECT_EQ(why_not_whole(text), "may have a * at its ends only") << text;
    for (const auto* text : {"*{}", "{}*", "*{}*", "*{}a", "a{}*"})
        EXPECT_EQ(why_not_whole(text), "needs some text between {} and *") << text;
}

// Every pair of what may stand before and what may follow, the plain way.
std::string all_readings(std::string_view text, std::string_view before, std::string_view after) {
    std::string seen = "(absent)";
    for (std::size_t i = 0; i + before.size() <= text.size(); ++i) {
        if (text.substr(i, before.size()) != before) continue;
        const auto rest = text.substr(i + before.size());
        const auto end = rest.find(after);
        const std::string here = end == rest.npos ? "(too long)" : std::string(rest.substr(0, end));
        if (seen != "(absent)" && seen != here) return "(repeated)";
        seen = here;
    }
    return seen;
}

TEST(CapturePattern, ReadsNoTextInTwoWays) {
    EXPECT_TRUE(rc::check([](const std::vector<bool>& letters) {
        std::string text;
        for (const bool letter : letters) text += letter ? 'a' : 'b';
        const auto before = *rc::gen::element<std::string>("a", "ab", "aa", "bab");
        const auto after = *rc::gen::element<std::string>("b", "ba", "aab");

        RC_ASSERT(within(before + "{}" + after, text) == all_readings(text, before, after));
    }));
}

}  // namespace
}  // namespace policy
