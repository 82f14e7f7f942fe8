#include "policy/http/json_key.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

using namespace std::string_view_literals;

TEST(JsonKey, CaseMayNotCount) {
    EXPECT_TRUE(may_be_same_key("user", "user"));
    EXPECT_TRUE(may_be_same_key("USER", "user"));
    EXPECT_TRUE(may_be_same_key("user", "User"));
}

TEST(JsonKey, SomeLettersAreAsciiInTheOtherCase) {
    EXPECT_TRUE(
        may_be_same_key("u\xc5\xbf"
                        "er",
                        "user"));
    EXPECT_TRUE(
        may_be_same_key("to\xe2\x84\xaa"
                        "en",
                        "token"));
    EXPECT_TRUE(
        may_be_same_key("\xc4\xb0"
                        "d",
                        "id"));
    EXPECT_TRUE(
        may_be_same_key("\xc4\xb1"
                        "d",
                        "id"));
    EXPECT_FALSE(
        may_be_same_key("\xc5\xbe"
                        "d",
                        "id"));
}

TEST(JsonKey, OtherForeignLettersMayBeTheSame) {
    EXPECT_TRUE(
        may_be_same_key("\xc3\x84"
                        "rzte",
                        "\xc3\xa4rzte"));
    EXPECT_FALSE(
        may_be_same_key("\xc3\x84"
                        "rzte",
                        "arzte"));
    EXPECT_FALSE(may_be_same_key("\xf0\x9f\x98\x80x", "x"));
}

TEST(JsonKey, ANulMayBeItsEnd) {
    EXPECT_TRUE(may_be_same_key("user\0x"sv, "user"));
    EXPECT_FALSE(may_be_same_key("us\0er"sv, "user"));
}

TEST(JsonKey, WordsMayBeJoinedInAnyWay) {
    for (const auto* key :
         {"user_name", "user-name", "userName", "UserName", " user name", "_USERNAME"})
        EXPECT_TRUE(may_be_same_key(key, "user_name")) << key;
}

TEST(JsonKey, OtherKeysAreOtherKeys) {
    for (const auto* key : {"", "use", "users", "xuser", "us.er", "user[]"})
        EXPECT_FALSE(may_be_same_key(key, "user")) << key;
}

}  // namespace
}  // namespace policy
