#include "gateway/io/input.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace gateway {
namespace {

struct InputTest : testing::Test {
    SlabPool pool;
    Input input{pool};

    void add(std::string_view bytes) {
        std::ranges::copy(bytes, input.space().begin());
        input.added(bytes.size());
    }
};

TEST_F(InputTest, BeginsWithNothingUnread) {
    EXPECT_EQ(input.unread(), "");
    EXPECT_EQ(input.position(), 0u);
}

TEST_F(InputTest, KeepsWhatWasAddedUntilItIsUsed) {
    add("hello ");
    add("world");

    input.use(6);

    EXPECT_EQ(input.unread(), "world");
    EXPECT_EQ(input.position(), 6u);
}

TEST_F(InputTest, AddingDoesNotMoveWhatIsUnread) {
    add("head");
    const auto view = input.unread();

    add("body");

    EXPECT_EQ(view, "head");
    EXPECT_EQ(input.unread().data(), view.data());
}

TEST_F(InputTest, HasNoSpaceWhenTheSlabIsFull) {
    add(std::string(Slab::kBytes, 'x'));

    EXPECT_TRUE(input.space().empty());
}

TEST_F(InputTest, CompactFreesWhatWasUsedBehindTheHead) {
    add("head");
    input.use(4);
    const auto kept = input.position();
    add(std::string(Slab::kBytes - 4, 'x'));
    input.use(Slab::kBytes - 6);

    input.compact(kept);

    EXPECT_EQ(input.unread(), "xx");
    EXPECT_EQ(input.position(), kept);
    EXPECT_EQ(input.space().size(), Slab::kBytes - 6);
}

TEST_F(InputTest, CompactLeavesTheHeadWhereItIs) {
    add("head");
    const auto head = input.unread();
    input.use(4);
    add("used rest");
    input.use(5);

    input.compact(4);

    EXPECT_EQ(head, "head");
    EXPECT_EQ(input.unread(), "rest");
}

TEST_F(InputTest, CompactOfNothingIsAllowedBeforeTheFirstByte) {
    input.compact(0);

    EXPECT_EQ(input.unread(), "");
}

TEST_F(InputTest, RestGivesTheSlabBack) {
    add("used");
    const auto* slab = input.unread().data();
    input.use(4);

    input.rest();

    EXPECT_EQ(pool.take()->bytes.data(), slab);
    EXPECT_EQ(input.position(), 0u);
}

TEST_F(InputTest, RestKeepsWhatIsUnread) {
    add("used unread");
    input.use(5);

    input.rest();

    EXPECT_EQ(input.unread(), "unread");
}

}  // namespace
}  // namespace gateway
