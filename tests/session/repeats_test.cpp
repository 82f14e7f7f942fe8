#include "session/repeats.h"

#include <gtest/gtest.h>

#include "tests/session/fixtures.h"

namespace {

using namespace fixtures;
using session::Repeats;
using What = Repeats::What;
constexpr auto kOver = policy::Reason::LoggedOut;

TEST(Repeats, TellsOnceAMinuteAndCountsTheRest) {  // LIF-004
    Repeats repeats;
    const auto key = new_key();

    EXPECT_EQ(repeats.tell(What::LateUse, kOver, key, kStart), 0U);
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(repeats.tell(What::LateUse, kOver, key, kStart + 59s));
    EXPECT_EQ(repeats.tell(What::LateUse, kOver, key, kStart + 60s), 5U);
    EXPECT_EQ(repeats.tell(What::LateUse, kOver, key, kStart + 120s), 0U);
}

TEST(Repeats, KeepsSessionsAndMattersApart) {
    Repeats repeats;
    const auto key = new_key();
    (void)repeats.tell(What::LateUse, kOver, key, kStart);

    EXPECT_TRUE(repeats.tell(What::Reuse, kOver, key, kStart));
    EXPECT_TRUE(repeats.tell(What::LateUse, policy::Reason::Revoked, key, kStart));
    EXPECT_TRUE(repeats.tell(What::LateUse, kOver, new_key(), kStart));
}

}  // namespace
