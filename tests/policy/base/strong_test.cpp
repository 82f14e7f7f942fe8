#include "policy/base/strong.h"

#include <type_traits>
#include <unordered_set>

#include <gtest/gtest.h>

namespace policy {
namespace {

static_assert(!std::is_convertible_v<UserName, BackendName>);
static_assert(!std::is_constructible_v<UserName, BackendName>);
static_assert(!std::is_convertible_v<std::string, UserName>);

TEST(Strong, ComparesAndHashesAsItsText) {
    const std::unordered_set<UserName> users{UserName("alice"), UserName("bob"), UserName("alice")};

    EXPECT_EQ(users.size(), 2U);
    EXPECT_LT(UserName("alice"), UserName("bob"));
    EXPECT_TRUE(UserName().empty());
}

}  // namespace
}  // namespace policy
