#include "policy/http/form_bytes.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

using namespace std::string_view_literals;

bool are_sound(std::string_view body) {
    FormBytes whole;
    whole.feed(body);
    FormBytes pieces;
    for (const char& c : body) pieces.feed({&c, 1});
    EXPECT_EQ(whole.are_sound(), pieces.are_sound()) << body;
    return whole.are_sound();
}

TEST(FormBytes, ThatBrowsersWriteAreSound) {
    for (const auto body : {""sv, "user=alice&do=login"sv, "user=al+ice%40x&a%5B%5D=%E2%82%ac"sv,
                            "*-._=~!'()"sv, "-a=b"sv, "a=--b"sv, "a={}[]<>\"&b"sv, "&&=&"sv})
        EXPECT_TRUE(are_sound(body)) << body;
}

TEST(FormBytes, ThatBeginLikeAnotherFormatAreNot) {
    for (const auto body : {"{\"user\":\"bob\"}"sv, "[1]"sv, "\"x\""sv, "<x/>"sv, "--XyZ"sv,
                            "  {}"sv, " --x"sv, "{\"x\":\"&user=alice\"}"sv})
        EXPECT_FALSE(are_sound(body)) << body;
}

TEST(FormBytes, OutsideVisibleAsciiAreNot) {
    for (const auto body : {"user=alice\n"sv, "user=alice\r\n&x"sv, "user=\0x"sv, "\tuser=x"sv,
                            "user=\x7f"sv, "us\xc3\xab=x"sv, "\xef\xbb\xbfuser=x"sv, "x=\xff"sv})
        EXPECT_FALSE(are_sound(body)) << body;
}

TEST(FormBytes, OfABrokenEscapeAreNot) {
    for (const auto body :
         {"%"sv, "user=%4"sv, "%u0075ser=bob"sv, "user=100%&x"sv, "%%41=x"sv, "x=%4g"sv, "%4%41"sv})
        EXPECT_FALSE(are_sound(body)) << body;
}

TEST(FormBytes, StayUnsound) {
    FormBytes bytes;
    bytes.feed("{");

    bytes.feed("user=alice");

    EXPECT_FALSE(bytes.are_sound());
}

}  // namespace
}  // namespace policy
