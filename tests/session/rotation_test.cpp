#include "session/rotation.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace {

using namespace std::chrono_literals;
using session::IdDigest;
using session::Ids;
using session::Standing;
using support::kStart;

constexpr session::RotationRules kRules;

IdDigest digest(std::uint8_t number) {
    IdDigest digest{};
    digest.fill(number);
    return digest;
}

Ids offering(Ids ids, std::uint8_t number) {
    ids.offer = Ids::Offer{digest(number), session::Nonce{number}};
    return ids;
}

// The second id of a family, taken up at `kStart + 15min`.
Ids turned() {
    return session::take_up_offer(offering(session::begin_with(digest(1), kStart), 2),
                                  kStart + 15min);
}

Standing standing(const Ids& ids, std::uint8_t number, policy::Instant now) {
    return session::standing_of(ids, digest(number), kRules, now);
}

TEST(Rotation, HonoursTheFirstIdAndNoOther) {
    const auto ids = session::begin_with(digest(1), kStart);

    EXPECT_EQ(standing(ids, 1, kStart), Standing::Current);
    EXPECT_EQ(standing(ids, 2, kStart), Standing::Retired);
    EXPECT_EQ(standing(ids, 0, kStart), Standing::Retired);
}

// ROT-003.
TEST(Rotation, IsDueAfterAWhileOfUse) {
    const auto ids = session::begin_with(digest(1), kStart);

    EXPECT_FALSE(session::is_due(ids, kRules, kStart + 15min - 1ms));
    EXPECT_TRUE(session::is_due(ids, kRules, kStart + 15min));
    EXPECT_FALSE(session::is_due(turned(), kRules, kStart + 30min - 1ms));
}

// ROT-007: an answer may get lost.
TEST(Rotation, HonoursTheOldIdUntilTheSuccessorWasPresented) {
    const auto ids = offering(session::begin_with(digest(1), kStart), 2);

    EXPECT_EQ(standing(ids, 1, kStart + 7h), Standing::Current);
    EXPECT_EQ(standing(ids, 2, kStart + 7h), Standing::Offered);
    EXPECT_TRUE(session::is_due(ids, kRules, kStart + 15min)) << "it is offered again";
}

// ROT-004.
TEST(Rotation, HonoursTheImmediatePredecessorForAShortGrace) {
    const auto ids = turned();

    EXPECT_EQ(ids.generation, 2U);
    EXPECT_EQ(ids.incarnation, 1U);
    EXPECT_EQ(standing(ids, 2, kStart + 15min), Standing::Current);
    EXPECT_EQ(standing(ids, 1, kStart + 15min + 10s), Standing::InGrace);
    EXPECT_EQ(standing(ids, 1, kStart + 15min + 30s - 1ms), Standing::InGrace);
    EXPECT_EQ(standing(ids, 1, kStart + 15min + 30s), Standing::Retired);
}

TEST(Rotation, NeverHonoursAnOlderGeneration) {
    const auto ids = session::take_up_offer(offering(turned(), 3), kStart + 15min + 1s);

    EXPECT_EQ(standing(ids, 2, kStart + 15min + 2s), Standing::InGrace);
    EXPECT_EQ(standing(ids, 1, kStart + 15min + 2s), Standing::Retired);
}

TEST(Rotation, WithoutGraceHonoursNoPredecessor) {
    const session::RotationRules strict{15min, 0s, session::OnReuse::RevokeFamily};

    EXPECT_EQ(session::standing_of(turned(), digest(1), strict, kStart + 15min), Standing::Retired);
}

// ROT-001.
TEST(Rotation, HonoursNothingElseOnceAnIdWasReplacedAtOnce) {
    const auto before = offering(turned(), 3);

    const auto ids = session::replace_at_once(before, digest(9), kStart + 15min + 1s);

    EXPECT_EQ(ids.generation, 3U);
    EXPECT_EQ(ids.incarnation, 2U);
    EXPECT_FALSE(ids.offer);
    EXPECT_EQ(standing(ids, 9, kStart + 15min + 1s), Standing::Current);
    for (const auto late : std::initializer_list<std::uint8_t>{1, 2, 3}) {
        EXPECT_EQ(standing(ids, late, kStart + 15min + 1s), Standing::Crossing);
        EXPECT_EQ(standing(ids, late, kStart + 15min + 31s - 1ms), Standing::Crossing);
        EXPECT_EQ(standing(ids, late, kStart + 15min + 31s), Standing::Retired);
    }
    EXPECT_EQ(standing(ids, 7, kStart + 15min + 1s), Standing::Retired);
}

TEST(Rotation, KnowsWhoIsOnTheWayThroughTwoLoginsInARow) {
    auto ids = session::begin_with(digest(1), kStart);
    ids = session::replace_at_once(ids, digest(2), kStart + 1s);
    ids = session::replace_at_once(ids, digest(3), kStart + 2s);

    EXPECT_EQ(standing(ids, 1, kStart + 3s), Standing::Crossing);
    EXPECT_EQ(standing(ids, 2, kStart + 3s), Standing::Crossing);

    ids = session::replace_at_once(ids, digest(4), kStart + 1min);
    EXPECT_EQ(standing(ids, 3, kStart + 1min), Standing::Crossing);
    EXPECT_EQ(standing(ids, 1, kStart + 1min), Standing::Retired);
}

TEST(Rotation, RemembersNoMoreHoweverManyIdsThereWere) {
    auto ids = session::begin_with(digest(1), kStart);
    for (int i = 0; i < 1000; ++i) {
        const auto number = static_cast<std::uint8_t>(2 + i % 2);
        ids = session::replace_at_once(ids, digest(number), kStart + std::chrono::minutes(i));
    }

    EXPECT_EQ(ids.former->digests.size(), 4U);
    EXPECT_EQ(standing(ids, 1, kStart + 1000min), Standing::Retired);
}

}  // namespace
