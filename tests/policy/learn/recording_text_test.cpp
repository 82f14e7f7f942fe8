#include "policy/learn/recording_text.h"

#include <gmock/gmock.h>

#include "tests/support/case_file.h"
#include "tests/support/recording.h"

namespace policy::learn {
namespace {

const std::string kHeader = "{\"sallyport_recording\":1,\"user\":\"alice\"}\n";

std::string complaints_about(const std::string& text) {
    const auto recording = read_recording(text);
    std::string lines;
    if (recording) return lines;
    for (const auto& [line, sentence] : recording.error())
        lines += (lines.empty() ? "" : "\n") + std::to_string(line) + " " + sentence;
    return lines;
}

TEST(RecordingText, WhatIsWrongIsToldWithItsLine) {
    for (const auto& each : support::read_cases("recording_errors.txt")) {
        EXPECT_EQ(complaints_about(each.text("in")), each.text("complaint")) << each;
    }
}

TEST(RecordingText, IsReadAsItWasWritten) {
    auto recording = support::read_case("phpmyadmin");
    recording.exchanges[0].response.body = {"a \"quoted\"\tb\x01\xC3\xA9", true, false};
    recording.exchanges[1].response.body = {"", false, true};
    const auto text = write_recording(recording);

    const auto again = read_recording(text);

    ASSERT_TRUE(again);
    EXPECT_EQ(write_recording(*again), text);
    EXPECT_EQ(again->user, "alice");
    EXPECT_EQ(again->host, "db.example.org");
    EXPECT_EQ(again->exchanges.size(), recording.exchanges.size());
    EXPECT_EQ(again->exchanges[0].response.body.text, "a \"quoted\"\tb\x01\xC3\xA9");
    EXPECT_TRUE(again->exchanges[0].response.body.truncated);
    EXPECT_TRUE(again->exchanges[1].response.body.omitted);
}

TEST(RecordingText, HasOneLineForEachExchange) {
    support::PlainLogin login;
    login.page.page("two\nlines\r\n");

    const auto text = write_recording(login.recording());

    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 8);
}

TEST(RecordingText, BodiesAreBounded) {
    support::PlainLogin login;
    login.page.page(std::string(kLongestBody + 1, 'x'));

    EXPECT_EQ(complaints_about(write_recording(login.recording())),
              "7 `body` is longer than 256 KiB");
}

TEST(RecordingText, ExchangesAreBounded) {
    const Recording recording{
        "alice", "",
        std::vector<Exchange>(kMostExchanges + 1, support::in(Step::Visit, "GET", "/"))};

    EXPECT_EQ(complaints_about(write_recording(recording)),
              "5002 there are more than 5000 exchanges");
}

TEST(RecordingText, TwentyComplaintsAreEnough) {
    std::string text = kHeader;
    for (int i = 0; i < 100; ++i) text += "x\n";

    EXPECT_EQ(read_recording(text).error().size(), 20);
}

TEST(RecordingText, ARecordingThatIsCutAnywhereIsNoCrash) {
    const auto text = support::read_text("dokuwiki.jsonl");
    for (std::size_t size = 0; size < text.size(); size += 7) {
        const auto recording = read_recording(text.substr(0, size));
        EXPECT_TRUE(recording || !recording.error().empty());
    }
}

}  // namespace
}  // namespace policy::learn
