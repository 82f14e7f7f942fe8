#include "gateway/audit/json_line.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    append_escaped(out, text);
    return out;
}

TEST(JsonLine, IsOneObjectOnOneLine) {
    std::string out;
    JsonLine line(out);
    line.add("a", "x");
    line.add("n", std::int64_t{-3});
    line.add_if("absent", "");
    line.end();

    EXPECT_EQ(out, "{\"a\":\"x\",\"n\":-3}\n");
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

}  // namespace
}  // namespace gateway
