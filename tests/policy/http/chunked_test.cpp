#include "policy/http/chunked.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/case_file.h"

namespace policy {
namespace {

struct Outcome {
    std::string body;
    std::size_t consumed = 0;
    bool finished = false;
    bool refused = false;
};

void feed(ChunkedReader& reader, std::string_view input, Outcome& outcome) {
    while (!input.empty() && !outcome.finished && !outcome.refused) {
        const auto piece = reader.read(input);
        if (!piece) {
            outcome.refused = true;
            return;
        }
        ASSERT_GT(piece->consumed, 0U);
        outcome.body += piece->data;
        outcome.consumed += piece->consumed;
        outcome.finished = piece->finished;
        input.remove_prefix(piece->consumed);
    }
}

void expect_outcome(const support::Case& each, const Outcome& outcome) {
    EXPECT_EQ(outcome.body, each.text("body"));
    EXPECT_EQ(outcome.refused, each.has("refused"));
    EXPECT_EQ(outcome.finished, !each.has("refused") && !each.has("open"));
    if (outcome.finished) {
        EXPECT_EQ(each.text("in").substr(outcome.consumed), each.text("rest"));
    }
}

TEST(ChunkedReader, ReadsAsTheTableSays) {
    for (const auto& each : support::read_cases("chunked.txt")) {
        SCOPED_TRACE(each);
        ChunkedReader reader;
        Outcome outcome;

        feed(reader, each.text("in"), outcome);

        expect_outcome(each, outcome);
    }
}

TEST(ChunkedReader, ReadsTheSameHoweverTheBytesArrive) {
    for (const auto& each : support::read_cases("chunked.txt")) {
        SCOPED_TRACE(each);
        const auto input = each.text("in");
        for (std::size_t at = 0; at <= input.size(); ++at) {
            ChunkedReader reader;
            Outcome outcome;

            feed(reader, std::string_view(input).substr(0, at), outcome);
            feed(reader, std::string_view(input).substr(at), outcome);

            expect_outcome(each, outcome);
        }
    }
}

TEST(ChunkedReader, ReadsTheSameByteByByte) {
    for (const auto& each : support::read_cases("chunked.txt")) {
        SCOPED_TRACE(each);
        ChunkedReader reader;
        Outcome outcome;

        for (const char c : each.text("in")) feed(reader, {&c, 1}, outcome);

        expect_outcome(each, outcome);
    }
}

TEST(ChunkedReader, HandsOutViewsIntoTheInput) {
    ChunkedReader reader;
    const std::string_view input = "5\r\nhello\r\n";

    const auto piece = reader.read(input);

    ASSERT_TRUE(piece.has_value());
    EXPECT_EQ(piece->data.data(), input.data() + 3);
}

TEST(ChunkedReader, AFinishedBodyTakesNothingMore) {
    ChunkedReader reader;
    ASSERT_TRUE(reader.read("0\r\n\r\n")->finished);

    const auto more = reader.read("5\r\nhello");

    EXPECT_EQ(more->consumed, 0U);
    EXPECT_TRUE(more->finished);
}

bool is_accepted(const std::string& input) {
    return ChunkedReader().read(input).has_value();
}

// HTP-007: what is dropped is bounded all the same.
TEST(ChunkedReader, ExtensionsAndZerosAreBounded) {
    EXPECT_TRUE(is_accepted("0;" + std::string(254, 'x') + "\r\n\r\n"));
    EXPECT_FALSE(is_accepted("0;" + std::string(255, 'x') + "\r\n\r\n"));
    EXPECT_TRUE(is_accepted(std::string(256, '0') + "\r\n\r\n"));
    EXPECT_FALSE(is_accepted(std::string(257, '0') + "\r\n\r\n"));
}

TEST(ChunkedReader, TrailersAreBoundedTogether) {
    const std::string line = std::string(1024, 't') + "\r\n";
    std::string eight = "0\r\n";
    for (int i = 0; i < 8; ++i) eight += line;

    EXPECT_TRUE(is_accepted(eight + "\r\n"));
    EXPECT_FALSE(is_accepted(eight + "t\r\n\r\n"));
}

TEST(ChunkedReader, TheLargestSizeIsNoOverflow) {
    ChunkedReader reader;

    const auto piece = reader.read("FFFFFFFFFFFFFFFF\r\nx");

    ASSERT_TRUE(piece.has_value());
    EXPECT_EQ(piece->data, "x");
}

}  // namespace
}  // namespace policy
