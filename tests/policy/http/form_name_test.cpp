#include "policy/http/form_name.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

using namespace std::string_view_literals;

TEST(FormName, AnotherSpellingThatABackendFoldsMayBeTakenForIt) {
    for (const auto raw : {"user"sv, "+user"sv, "%20user"sv, "user+"sv, "User"sv, "u%73er"sv,
                           "user%00x"sv, "user\0x"sv, "user%00%zz"sv, "user[]"sv, "user[0]"sv,
                           "%09user"sv, "user%00%4"sv, "user[%zz"sv.substr(0, 5)})
        EXPECT_TRUE(may_be_taken_for(raw, "user")) << raw;
}

TEST(FormName, DotsBlanksAndOpenBracketsAreUnderscoresForPhp) {
    for (const auto raw : {"pma.username"sv, "pma+username"sv, "pma[username"sv, "PMA_username"sv})
        EXPECT_TRUE(may_be_taken_for(raw, "pma_username")) << raw;
}

TEST(FormName, AnArrayAndItsElementsOverwriteOneAnother) {
    for (const auto raw : {"auth"sv, "auth[username][x]"sv, "auth%5Busername%5D"sv})
        EXPECT_TRUE(may_be_taken_for(raw, "auth[username]")) << raw;
    EXPECT_FALSE(may_be_taken_for("auth[password]", "auth[username]"));
}

TEST(FormName, BlanksOnlyMayHaveHadANameBehindThem) {
    EXPECT_TRUE(may_be_taken_for("+++", "user"));
}

TEST(FormName, OtherNamesAreOtherNames) {
    for (const auto raw : {""sv, "use"sv, "users"sv, "xuser"sv, "user_"sv, "us er"sv, "%zzuser"sv,
                           "%00user"sv, "user%zz"sv, "password"sv})
        EXPECT_FALSE(may_be_taken_for(raw, "user")) << raw;
}

}  // namespace
}  // namespace policy
