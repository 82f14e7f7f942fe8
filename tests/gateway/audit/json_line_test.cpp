#include "gateway/audit/json_line.h"

#include <random>

#include <gtest/gtest.h>

#include "policy/base/text.h"

namespace gateway {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    append_escaped(out, text);
    return out;
}

TEST(JsonLine, IsOneObjectOnOneLine) {
    LineBuffer out;
    JsonLine line(out);
    line.text<"a">("x\"y");
    line.word<"word">("ours");
    line.number<"n">(-3);
    line.text("argument", "\n");
    line.end();

    EXPECT_EQ(
        out.text(),
        "{\"v\":1,\"a\":\"x\\u0022y\",\"word\":\"ours\",\"n\":-3,\"argument\":\"\\u000a\"}\n");
}

TEST(JsonLine, HoldsEveryNumber) {
    LineBuffer out;
    JsonLine line(out);
    line.number<"least">(std::numeric_limits<std::int64_t>::min());
    line.number<"most">(std::numeric_limits<std::int64_t>::max());
    line.number<"zero">(0);

    EXPECT_EQ(out.text(),
              "{\"v\":1,\"least\":-9223372036854775808,\"most\":9223372036854775807,\"zero\":0");
}

TEST(JsonLine, NothingInAValueCanForgeALine) {  // LOG-001
    EXPECT_EQ(escaped("a\r\n\"b\\"), "a\\u000d\\u000a\\u0022b\\u005c");
    EXPECT_EQ(escaped("\x1b[31m\x7f"), "\\u001b[31m\\u007f");
    EXPECT_EQ(escaped(std::string_view("\0", 1)), "\\u0000");
}

TEST(JsonLine, TextBeyondAsciiIsWrittenAsCodePoints) {
    EXPECT_EQ(escaped("\xC3\xBC"), "\\u00fc");
    EXPECT_EQ(escaped("\xE2\x80\xAE"), "\\u202e") << "a bidirectional override";
    EXPECT_EQ(escaped("\xF0\x9F\x94\x92"), "\\ud83d\\udd12");
}

TEST(JsonLine, BrokenUtf8IsReplaced) {
    EXPECT_EQ(escaped("\xFF"), "\\ufffd");
    EXPECT_EQ(escaped("\xC0\xAF"), "\\ufffd\\ufffd") << "overlong";
    EXPECT_EQ(escaped("\xED\xA0\x80"), "\\ufffd\\ufffd\\ufffd") << "a surrogate";
    EXPECT_EQ(escaped("\xE2\x82"), "\\ufffd\\ufffd") << "cut short";
}

TEST(JsonLine, EscapesStandBehindWhatWasThereBefore) {
    std::string out = "before ";

    append_escaped(out, "\t");

    EXPECT_EQ(out, "before \\u0009");
}

// The slow reference: looks at each character alone, with the decoder of policy/.
void append_unit(std::string& out, unsigned unit) {
    const std::array bytes{static_cast<std::uint8_t>(unit >> 8),
                           static_cast<std::uint8_t>(unit & 0xFF)};
    out += "\\u" + policy::to_hex(bytes);
}

void append_code_point(std::string& out, std::string_view character) {
    const auto lead = static_cast<unsigned char>(character[0]);
    constexpr std::array<unsigned, 5> kLeadBits{0, 0x7F, 0x1F, 0x0F, 0x07};
    unsigned value = lead & kLeadBits[character.size()];
    for (const char c : character.substr(1)) value = value << 6 | (static_cast<unsigned>(c) & 0x3F);
    if (character.size() < 4) return append_unit(out, value);
    append_unit(out, 0xD800 + ((value - 0x10000) >> 10));
    append_unit(out, 0xDC00 + ((value - 0x10000) & 0x3FF));
}

std::string reference(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t size = 1;
        while (size <= 4 && !policy::is_valid_utf8(text.substr(at, size))) ++size;
        const bool broken = size > 4;
        const char c = text[at];
        if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
            out += c;
        } else if (broken) {
            append_unit(out, 0xFFFD);
        } else {
            append_code_point(out, text.substr(at, size));
        }
        at += broken ? 1 : size;
    }
    return out;
}

TEST(JsonLine, EscapesEachByteAtEachPlace) {
    for (int byte = 0; byte < 256; ++byte) {
        for (std::size_t at = 0; at < 20; ++at) {
            std::string text = "abcdefghijklmnopqrst";
            text[at] = static_cast<char>(byte);
            ASSERT_EQ(escaped(text), reference(text)) << "byte " << byte << " at " << at;
        }
    }
}

TEST(JsonLine, EscapesEachPairOfNeighbours) {
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            std::string text = "abcdefgh";
            text[3] = static_cast<char>(first);
            text[4] = static_cast<char>(second);
            ASSERT_EQ(escaped(text), reference(text)) << first << " and " << second;
        }
    }
}

// Bytes as they come, and mostly plain ones with long runs.
TEST(JsonLine, EscapesRandomBytesAsTheReferenceDoes) {
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        std::string text(random() % 70, 'x');
        const unsigned one_in = round % 2 == 0 ? 1 : 20;
        for (auto& c : text) {
            if (random() % one_in == 0) c = static_cast<char>(random());
        }
        ASSERT_EQ(escaped(text), reference(text)) << policy::encode_for_header(text);
    }
}

TEST(LineBuffer, KeepsItsTextWhileItGrows) {
    LineBuffer buffer;
    std::string expected;
    for (std::size_t size = 0; size < 300; ++size) {
        const std::string piece(size, static_cast<char>('a' + size % 26));
        buffer.end_at(std::copy(piece.begin(), piece.end(), buffer.room(size)));
        expected += piece;
    }

    EXPECT_EQ(buffer.text(), expected);
    buffer.clear();
    EXPECT_EQ(buffer.text(), "");
}

TEST(LineBuffer, DoesNotCountRoomThatWasNotUsed) {
    LineBuffer buffer;
    char* const room = buffer.room(100);
    *room = 'x';

    buffer.end_at(room + 1);

    EXPECT_EQ(buffer.text(), "x");
}

}  // namespace
}  // namespace gateway
