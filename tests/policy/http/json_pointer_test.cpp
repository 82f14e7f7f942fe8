#include "policy/http/json_pointer.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

using Keys = std::vector<std::string>;

TEST(JsonPointer, HasAKeyForEachSlash) {  // RFC 6901 §5
    EXPECT_EQ(json_pointer_keys(""), Keys{});
    EXPECT_EQ(json_pointer_keys("/"), Keys{""});
    EXPECT_EQ(json_pointer_keys("/user/name"), (Keys{"user", "name"}));
    EXPECT_EQ(json_pointer_keys("/users/0/"), (Keys{"users", "0", ""}));
}

TEST(JsonPointer, EscapesSlashAndTilde) {
    EXPECT_EQ(json_pointer_keys("/a~1b/m~0n"), (Keys{"a/b", "m~n"}));
    EXPECT_EQ(json_pointer_keys("/~01"), Keys{"~1"});
}

TEST(JsonPointer, WhatIsNone) {
    for (const auto* text :
         {"user", "user/name", "#/user", "/~", "/~2", "/a~/b", "$.user", "/\xeb"}) {
        EXPECT_FALSE(json_pointer_keys(text)) << text;
        EXPECT_FALSE(is_json_pointer(text)) << text;
    }
    EXPECT_TRUE(is_json_pointer("/user"));
}

}  // namespace
}  // namespace policy
