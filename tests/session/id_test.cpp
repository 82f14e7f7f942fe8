#include "session/id.h"

#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "policy/base/text.h"
#include "tests/support/fake_random.h"

namespace {

using session::SessionId;
using session::SessionKey;

TEST(SessionId, IsFortyThreeCharactersOfBase64url) {
    support::FakeRandom random;

    const auto id = SessionId::generate(random);

    ASSERT_TRUE(id);
    EXPECT_EQ(id->reveal().size(), SessionId::kCharacters);
    EXPECT_EQ(policy::from_base64url(id->reveal()).value().size(), SessionId::kBytes);
    EXPECT_EQ(random.drawn(), SessionId::kBytes);
}

TEST(SessionId, DiffersEachTime) {
    support::FakeRandom random;
    std::set<std::string> seen;

    for (int i = 0; i < 1000; ++i) {
        seen.emplace(SessionId::generate(random)->reveal());
    }

    EXPECT_EQ(seen.size(), 1000U);
}

TEST(SessionId, IsNotMadeOfBytesThatCouldNotBeDrawn) {
    support::FakeRandom random;
    random.fail();

    const auto id = SessionId::generate(random);

    ASSERT_FALSE(id);
    EXPECT_EQ(id.error().reason, policy::Reason::RandomUnavailable);
}

TEST(SessionId, ParsesWhatItGenerated) {
    support::FakeRandom random;
    const auto id = SessionId::generate(random);

    const auto parsed = SessionId::parse(id->reveal());

    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->reveal(), id->reveal());
}

TEST(SessionId, ParsesTheCanonicalFormOnly) {
    const std::string zeros(43, 'A');

    EXPECT_TRUE(SessionId::parse(zeros));
    EXPECT_FALSE(SessionId::parse(""));
    EXPECT_FALSE(SessionId::parse(zeros.substr(1)));
    EXPECT_FALSE(SessionId::parse(zeros + "A"));
    EXPECT_FALSE(SessionId::parse(zeros.substr(1) + "="));
    EXPECT_FALSE(SessionId::parse(zeros.substr(1) + "+"));
    EXPECT_FALSE(SessionId::parse(zeros.substr(1) + "B"));  // Stray bits behind the 32nd byte.
}

TEST(SessionId, DoesNotStayWhereItWasMovedFrom) {
    const std::string text(43, 'Q');
    auto from = SessionId::parse(text);

    const SessionId to(std::move(*from));

    // NOLINTNEXTLINE(bugprone-use-after-move): what a move leaves behind is the point.
    EXPECT_EQ(from->reveal(), std::string(43, '\0'));
    EXPECT_EQ(to.reveal(), text);
}

TEST(SessionId, LeadsWithANonceToOneSuccessor) {
    session::Nonce nonce;
    std::iota(nonce.begin(), nonce.end(), std::uint8_t{0});
    const auto id = SessionId::parse(std::string(43, 'A'));

    const auto next = id->successor(nonce);

    EXPECT_EQ(next.reveal(), "4upUEqqkgjjpxmGDgmSqO_l6jv3LYZYEDO4PW4lXmBE");
    EXPECT_EQ(id->successor(nonce).reveal(), next.reveal());
    nonce[0] ^= 1;
    EXPECT_NE(id->successor(nonce).reveal(), next.reveal());
}

TEST(IdDigest, IsHalfADigestUnderItsOwnPrefix) {
    const session::Sha256 sha;

    const auto digest = session::digest_of(*SessionId::parse(std::string(43, 'A')), sha);

    EXPECT_EQ(policy::to_hex(digest), "cb175b9c4003516491024e1dbc5d2793");
}

TEST(FamilyId, ReadsOnlyItsCanonicalForm) {
    support::FakeRandom random;
    const auto family = session::FamilyId::generate(random).value();

    EXPECT_EQ(family.text().size(), session::FamilyId::kCharacters);
    EXPECT_EQ(session::FamilyId::parse(family.text())->text(), family.text());
    for (const auto* text : {"", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA",
                             "AAAAAAAAAAAAAAAAAAAAA+", "AAAAAAAAAAAAAAAAAAAAAB"})
        EXPECT_FALSE(session::FamilyId::parse(text)) << text;
}

TEST(FamilyId, IsNotMadeOfBytesThatCouldNotBeDrawn) {
    support::FakeRandom random;
    random.fail();

    EXPECT_FALSE(session::FamilyId::generate(random));
}

TEST(SessionKey, IsHalfADigestOfTheFamilyUnderItsOwnPrefix) {
    const session::Sha256 sha;

    const auto key = SessionKey::of(*session::FamilyId::parse(std::string(22, 'A')), sha);

    EXPECT_EQ(policy::to_hex(key.bytes()), "0b796b25b5406010b39519b5b2eff9b7");
}

TEST(SessionKey, IsNamedByItsHandle) {
    const session::Sha256 sha;
    const auto key = SessionKey::of(*session::FamilyId::parse(std::string(22, 'A')), sha);

    EXPECT_EQ(key.handle().text(), "0b796b25b5406010b39519b5b2eff9b7");
    EXPECT_EQ(SessionKey::parse(key.handle()), key);
    for (const auto* text :
         {"", "0b796b25b5406010b39519b5b2eff9b", "0b796b25b5406010b39519b5b2eff9bg",
          "0B796B25B5406010B39519B5B2EFF9B7", "0b796b25b5406010b39519b5b2eff9b70"})
        EXPECT_FALSE(SessionKey::parse(session::Handle(text))) << text;
}

}  // namespace
