#include "policy/who.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

using Texts = std::vector<std::string>;

TEST(Who, UserNamesAreBoundedAndKeptAsTheyAre) {
    EXPECT_EQ(parse_user_name("ada ")->text(), "ada ") << "another account than `ada` for some";
    EXPECT_EQ(parse_user_name("j\xC3\xB6rg")->text(), "j\xC3\xB6rg");
    EXPECT_TRUE(parse_user_name(std::string(256, 'a')));
    EXPECT_FALSE(parse_user_name(std::string(257, 'a')));
    EXPECT_FALSE(parse_user_name(""));
    EXPECT_FALSE(parse_user_name("   "));
    EXPECT_FALSE(parse_user_name("ada\r\nX-Admin: 1"));
    EXPECT_FALSE(parse_user_name(std::string_view("a\0b", 3)));
    EXPECT_FALSE(parse_user_name("\xFF"));
}

TEST(Who, GroupsAreSeparatedTrimmedAndEachThereOnce) {
    EXPECT_EQ(parse_groups({"admins, staff,,admins"}, ","), (Texts{"admins", "staff"}));
    EXPECT_EQ(parse_groups({"a,b", "c"}, ";"), (Texts{"a,b", "c"}));
    EXPECT_EQ(parse_groups({"a::b"}, "::"), (Texts{"a", "b"}));
    EXPECT_TRUE(parse_groups({}, ",").empty());
}

TEST(Who, GroupsThatCannotBeReadAreNobodys) {
    EXPECT_EQ(parse_groups({"ad\nmins,staff,\xFF"}, ","), (Texts{"staff"}));
}

TEST(Who, NobodyHasEndlessGroups) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += std::to_string(i) + ",";

    EXPECT_EQ(parse_groups({text}, ",").size(), 100U);
}

}  // namespace
}  // namespace policy
