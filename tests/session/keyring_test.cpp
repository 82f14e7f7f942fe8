#include "session/keyring.h"

#include <gtest/gtest.h>

#include "tests/session/keys.h"

namespace {

using Verdict = session::KeyRing::Verdict;

TEST(KeyRing, SignsWithItsFirstKey) {
    auto ring = fixtures::k2_then_k1();

    EXPECT_EQ(ring.signing_id(), "k2");
    EXPECT_EQ(ring.sign("message"), fixtures::only_k2().sign("message"));
    EXPECT_EQ(ring.sign("message").size(), session::KeyRing::kTagCharacters);
}

TEST(KeyRing, VerifiesUnderEachKeyAndTellsWhichAreOld) {
    auto ring = fixtures::k2_then_k1();
    const auto old_tag = fixtures::only_k1().sign("message");

    EXPECT_EQ(ring.verify("k2", "message", ring.sign("message")), Verdict::Genuine);
    EXPECT_EQ(ring.verify("k1", "message", old_tag), Verdict::GenuineUnderOldKey);
}

TEST(KeyRing, TakesWhatNoKeySignedForForged) {
    auto ring = fixtures::only_k2();
    const auto tag = ring.sign("message");

    EXPECT_EQ(ring.verify("k2", "another message", tag), Verdict::Forged);
    EXPECT_EQ(ring.verify("k1", "message", tag), Verdict::Forged);
    EXPECT_EQ(ring.verify("k2", "message", ""), Verdict::Forged);
    EXPECT_EQ(ring.verify("k2", "message", tag.substr(1)), Verdict::Forged);
    EXPECT_EQ(ring.verify("", "message", tag), Verdict::Forged);
}

TEST(KeyRing, TakesATagUnderTheWrongKeyForForged) {
    auto ring = fixtures::k2_then_k1();

    EXPECT_EQ(ring.verify("k1", "message", ring.sign("message")), Verdict::Forged);
}

}  // namespace
