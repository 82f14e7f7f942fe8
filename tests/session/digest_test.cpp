#include "session/digest.h"

#include <gtest/gtest.h>

#include "policy/base/text.h"

namespace {

// FIPS 180-2, appendix B.1.
constexpr auto kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, GivesTheStandardsExample) {
    session::Sha256 sha;

    EXPECT_EQ(policy::to_hex(sha.of("abc")), kAbc);
}

TEST(Sha256, StartsAnewEachTime) {
    session::Sha256 sha;
    (void)sha.of("something else");

    EXPECT_EQ(policy::to_hex(sha.of("abc")), kAbc);
}

// RFC 4231 §4.3, test case 2.
constexpr auto kJefe = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

TEST(HmacSha256, GivesTheStandardsExample) {
    session::HmacSha256 mac(policy::Secret("Jefe"));

    EXPECT_EQ(policy::to_hex(mac.of("what do ya want for nothing?")), kJefe);
}

TEST(HmacSha256, KeepsItsKeyAndStartsAnewEachTime) {
    session::HmacSha256 mac(policy::Secret("Jefe"));
    (void)mac.of("something else");

    EXPECT_EQ(policy::to_hex(mac.of("what do ya want for nothing?")), kJefe);
}

TEST(HmacSha256, WorksAfterAMove) {
    session::HmacSha256 first(policy::Secret("Jefe"));
    session::HmacSha256 second(std::move(first));

    EXPECT_EQ(policy::to_hex(second.of("what do ya want for nothing?")), kJefe);
}

}  // namespace
