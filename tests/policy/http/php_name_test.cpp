#include "policy/http/php_name.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

TEST(PhpName, IsEmptyWherePhpFoldsNothing) {
    for (const auto name : {"PHPSESSID", "__Host-a", "lang", "a-b_c", "100%", "%zz"}) {
        EXPECT_EQ(php_name(name), "") << name;
    }
}

TEST(PhpName, HasUnderscoresForDotsBlanksAndAnOpenBracket) {
    EXPECT_EQ(php_name("a.b.c"), "a_b_c");
    EXPECT_EQ(php_name("a+b"), "a_b");
    EXPECT_EQ(php_name("a%20b"), "a_b");
    EXPECT_EQ(php_name("PHP%5BSESSID"), "PHP_SESSID");
}

TEST(PhpName, IsDecodedAsOldVersionsDo) {
    EXPECT_EQ(php_name("%50HPSESSID"), "PHPSESSID");
    EXPECT_EQ(php_name("PHPSESSI%44"), "PHPSESSID");
    EXPECT_EQ(php_name("a.%"), "a_%");
}

TEST(PhpName, BeginsBehindBlanksAndEndsAtNul) {
    EXPECT_EQ(php_name("%20+PHPSESSID"), "PHPSESSID");
    EXPECT_EQ(php_name("PHPSESSID%00x"), "PHPSESSID");
    EXPECT_EQ(php_name("+"), "");
}

TEST(PhpName, OfAnEntryIsThatOfItsArray) {
    EXPECT_EQ(php_name("a.b%5Bkey%5D"), "a_b");
}

}  // namespace
}  // namespace policy
