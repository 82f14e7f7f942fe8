#include "session/id.h"

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

TEST(SessionKey, IsTheDigestOfTheIdUnderItsOwnPrefix) {
    using namespace std::string_literals;
    session::Sha256 sha;
    const std::string text(43, 'A');

    const auto key = SessionKey::of(*SessionId::parse(text), sha);

    EXPECT_EQ(key.bytes(), sha.of("session-key\0"s + text));
    EXPECT_NE(key.bytes(), sha.of(text));
    EXPECT_EQ(policy::to_hex(key.bytes()),
              "5959561165af9e4c0251316b006aa6fdea7d3c172c83856a79458a5fd44187eb");
}

TEST(Handle, IsSixteenHexadecimalCharacters) {
    support::FakeRandom random;

    const auto handle = session::generate_handle(random);

    ASSERT_TRUE(handle);
    EXPECT_EQ(handle->text().size(), 16U);
    EXPECT_EQ(handle->text().find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(Handle, IsNotMadeOfBytesThatCouldNotBeDrawn) {
    support::FakeRandom random;
    random.fail();

    EXPECT_FALSE(session::generate_handle(random));
}

}  // namespace
