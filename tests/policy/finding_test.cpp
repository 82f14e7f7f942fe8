#include "policy/finding.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

TEST(ListOfNames, HasBlanksBetweenThem) {
    const std::vector<std::string_view> names{"SID", "lang"};

    EXPECT_EQ(list_names(names), "SID lang");
    EXPECT_EQ(list_names({}), "");
}

TEST(ListOfNames, CannotBeForged) {
    const std::vector<std::string_view> names{"a b", "%\x01\xC3\xA9", "c"};

    EXPECT_EQ(list_names(names), "a%20b %25%01%C3%A9 c");
}

TEST(ListOfNames, IsBounded) {
    const std::string longest(1000, 'x');
    const std::vector<std::string_view> names(100, longest);

    EXPECT_EQ(list_names(names).size(), 8u * 64 + 7);
}

}  // namespace
}  // namespace policy
