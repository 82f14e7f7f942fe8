#include "gateway/io/slab.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

TEST(SlabPool, GivesTheSlabThatWasFreedLast) {
    SlabPool pool;
    auto first = pool.take();
    auto second = pool.take();
    const auto* last = second.get();
    pool.give_back(std::move(first));
    pool.give_back(std::move(second));

    EXPECT_EQ(pool.take().get(), last);
}

TEST(SlabPool, GivesDifferentSlabsToDifferentTakers) {
    SlabPool pool;

    const auto first = pool.take();
    const auto second = pool.take();

    EXPECT_NE(first.get(), second.get());
}

TEST(SlabPool, TakesBackNothing) {
    SlabPool pool;

    pool.give_back(nullptr);

    EXPECT_NE(pool.take(), nullptr);
}

}  // namespace
}  // namespace gateway
