#include "gateway/io/text_pool.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

TEST(TextPool, GivesEmptyTextsWithRoom) {
    TextPool pool;

    const auto text = pool.take();

    EXPECT_TRUE(text.empty());
    EXPECT_FALSE(TextPool::is_unused(text));
}

TEST(TextPool, AFreshStringWasNeverTaken) {
    EXPECT_TRUE(TextPool::is_unused(std::string()));
    EXPECT_TRUE(TextPool::is_unused("a short text"));
}

TEST(TextPool, GivesAgainWhatCameBackWithoutItsContent) {
    TextPool pool;
    auto text = pool.take();
    text.append("a secret of the last exchange");
    const auto* place = text.data();
    pool.give_back(std::move(text));

    const auto again = pool.take();

    EXPECT_EQ(again.data(), place);
    EXPECT_TRUE(again.empty());
}

TEST(TextPool, DoesNotKeepWhatGrewTooLarge) {
    TextPool pool;
    auto text = pool.take();
    text.reserve(std::size_t{1024} * 1024);
    pool.give_back(std::move(text));

    EXPECT_LT(pool.take().capacity(), std::size_t{1024} * 1024);
}

TEST(TextPool, DoesNotKeepTextsWithoutRoom) {
    TextPool pool;
    pool.give_back(std::string());

    EXPECT_FALSE(TextPool::is_unused(pool.take()));
}

}  // namespace
}  // namespace gateway
