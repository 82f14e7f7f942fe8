#include "session/user_index.h"

#include <gtest/gtest.h>

#include "tests/session/fixtures.h"

namespace {

using namespace fixtures;

TEST(UserIndex, FindsWhatWasAddedAndNotRemoved) {
    session::UserIndex index;
    const policy::UserName alice("alice"), bob("bob");
    const auto one = new_key(), other = new_key(), bobs = new_key();
    index.add(alice, one);
    index.add(alice, other);
    index.add(bob, bobs);

    EXPECT_EQ(index.find(alice).size(), 2U);
    EXPECT_EQ(index.find(bob), std::vector{bobs.key});

    index.remove(alice, one);
    index.remove(alice, one);
    index.remove(alice, bobs);
    EXPECT_EQ(index.find(alice), std::vector{other.key});
    EXPECT_EQ(index.find(bob), std::vector{bobs.key});
    EXPECT_TRUE(index.find(policy::UserName("carol")).empty());
}

}  // namespace
