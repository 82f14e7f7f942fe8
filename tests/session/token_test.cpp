#include "session/token.h"

#include <gtest/gtest.h>

#include "tests/session/keys.h"

namespace {

using session::TokenFormat;
using Use = TokenFormat::Use;

constexpr auto kHost = "wiki.example.org";

class Token : public testing::Test {
protected:
    std::string made(Use use) {
        return std::string(format_.make(use, family_, *id_, kHost).reveal());
    }

    TokenFormat format_{fixtures::only_k1()};
    session::FamilyId family_ = *session::FamilyId::parse(std::string(22, 'A'));
    std::optional<session::SessionId> id_ = session::SessionId::parse(std::string(43, 'A'));
};

TEST_F(Token, StandsForWhatItWasMadeOf) {
    const auto read = format_.read(Use::Header, made(Use::Header), kHost);

    ASSERT_TRUE(read);
    EXPECT_EQ(read->ticket.family.text(), family_.text());
    EXPECT_EQ(read->ticket.id.reveal(), id_->reveal());
}

TEST_F(Token, IsForgedInAnotherPlaceThanItWasMadeFor) {
    EXPECT_FALSE(format_.read(Use::Cookie, made(Use::Header), kHost));
    EXPECT_FALSE(format_.read(Use::Header, made(Use::Cookie), kHost));
    EXPECT_FALSE(format_.read(Use::Header, made(Use::Header), "erp.example.org"));
}

TEST_F(Token, IsForgedWhenOneCharacterIsAnother) {
    const auto token = made(Use::Cookie);
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(format_.read(Use::Cookie, changed, kHost)) << i;
    }
}

// CKI-011.
TEST_F(Token, HasAProofThatIsWorthNothingAlone) {
    const session::Ticket ticket{family_, *session::SessionId::parse(std::string(43, 'A'))};
    const auto proof = format_.make_proof(family_, *id_, kHost);

    EXPECT_TRUE(format_.proves(proof, ticket, kHost));
    EXPECT_FALSE(format_.proves(proof, ticket, "erp.example.org"));
    EXPECT_FALSE(format_.read(Use::Cookie, proof, kHost));
    const session::Ticket other{family_, *session::SessionId::parse(std::string(42, 'A') + "E")};
    EXPECT_FALSE(format_.proves(proof, other, kHost)) << "that of an earlier id";
    for (const auto& wrong :
         {std::string(), proof + "A", proof.substr(1), "v1.k2" + proof.substr(5)})
        EXPECT_FALSE(format_.proves(wrong, ticket, kHost)) << wrong;
}

TEST_F(Token, ProvesUnderAnOldKeyToo) {
    const auto proof = format_.make_proof(family_, *id_, kHost);
    const session::Ticket ticket{family_, *session::SessionId::parse(std::string(43, 'A'))};

    EXPECT_TRUE(TokenFormat(fixtures::k2_then_k1()).proves(proof, ticket, kHost));
    EXPECT_FALSE(TokenFormat(fixtures::only_k2()).proves(proof, ticket, kHost));
}

}  // namespace
