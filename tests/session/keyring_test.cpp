#include "session/keyring.h"

#include <array>

#include <gtest/gtest.h>

#include "tests/session/keys.h"

namespace {

using namespace std::string_view_literals;
using Verdict = session::KeyRing::Verdict;

constexpr std::array kMessage{"mess"sv, "age"sv};
constexpr std::array kOther{"another message"sv};

TEST(KeyRing, SignsWithItsFirstKey) {
    auto ring = fixtures::k2_then_k1();

    EXPECT_EQ(ring.signing_id(), "k2");
    EXPECT_EQ(ring.sign(kMessage), fixtures::only_k2().sign(kMessage));
    EXPECT_EQ(ring.sign(kMessage).size(), session::KeyRing::kTagCharacters);
}

TEST(KeyRing, VerifiesUnderEachKeyAndTellsWhichAreOld) {
    auto ring = fixtures::k2_then_k1();
    const auto old_tag = fixtures::only_k1().sign(kMessage);

    EXPECT_EQ(ring.verify("k2", kMessage, ring.sign(kMessage)), Verdict::Genuine);
    EXPECT_EQ(ring.verify("k1", kMessage, old_tag), Verdict::GenuineUnderOldKey);
}

TEST(KeyRing, TakesWhatNoKeySignedForForged) {
    auto ring = fixtures::only_k2();
    const auto tag = ring.sign(kMessage);

    EXPECT_EQ(ring.verify("k2", kOther, tag), Verdict::Forged);
    EXPECT_EQ(ring.verify("k1", kMessage, tag), Verdict::Forged);
    EXPECT_EQ(ring.verify("k2", kMessage, ""), Verdict::Forged);
    EXPECT_EQ(ring.verify("k2", kMessage, tag.substr(1)), Verdict::Forged);
    EXPECT_EQ(ring.verify("k2", kMessage, tag + "A"), Verdict::Forged);
    EXPECT_EQ(ring.verify("k2", kMessage, tag.substr(1) + "="), Verdict::Forged);
    EXPECT_EQ(ring.verify("", kMessage, tag), Verdict::Forged);
}

// 22 characters have four bits more than the tag: only one of the 16 spellings is ours.
TEST(KeyRing, AcceptsOneSpellingOfATagOnly) {
    const auto ring = fixtures::only_k2();
    const auto tag = ring.sign(kMessage);
    int accepted = 0;

    for (const char last : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"sv) {
        const auto spelled = tag.substr(0, tag.size() - 1) + last;
        accepted += ring.verify("k2", kMessage, spelled) == Verdict::Genuine ? 1 : 0;
    }

    EXPECT_EQ(accepted, 1);
}

TEST(KeyRing, TakesATagUnderTheWrongKeyForForged) {
    auto ring = fixtures::k2_then_k1();

    EXPECT_EQ(ring.verify("k1", kMessage, ring.sign(kMessage)), Verdict::Forged);
}

}  // namespace
