#include "session/digest.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "policy/base/text.h"

namespace {

using namespace std::string_view_literals;

// FIPS 180-2, appendix B, and the digest of nothing.
TEST(Sha256, GivesTheStandardsExamples) {
    const session::Sha256 sha;

    EXPECT_EQ(policy::to_hex(sha.of("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(policy::to_hex(sha.of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(policy::to_hex(sha.of(std::string(1'000'000, 'a'))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    EXPECT_EQ(policy::to_hex(sha.of("")),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, OfPartsIsThatOfTheWhole) {
    const session::Sha256 sha;
    const std::string whole(200, 'x');

    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        const std::array parts{std::string_view(whole).substr(0, cut), ""sv,
                               std::string_view(whole).substr(cut)};
        EXPECT_EQ(sha.of(parts), sha.of(whole)) << cut;
    }
}

TEST(Sha256, StartsAnewEachTime) {
    const session::Sha256 sha;
    const auto first = sha.of("abc");
    (void)sha.of("something else");

    EXPECT_EQ(sha.of("abc"), first);
}

std::string hmac(std::string key, std::string_view message) {
    return policy::to_hex(session::HmacSha256(policy::Secret(std::move(key))).of(message));
}

std::string numbers_to(char last) {
    std::string text;
    for (char c = 1; c <= last; ++c) text += c;
    return text;
}

// RFC 4231 §4.2 to §4.8; the fifth example is cut to 128 bits there.
TEST(HmacSha256, GivesTheStandardsExamples) {
    EXPECT_EQ(hmac(std::string(20, '\x0b'), "Hi There"),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hmac("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hmac(std::string(20, '\xaa'), std::string(50, '\xdd')),
              "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    EXPECT_EQ(hmac(numbers_to(25), std::string(50, '\xcd')),
              "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    EXPECT_EQ(hmac(std::string(20, '\x0c'), "Test With Truncation").substr(0, 32),
              "a3b6167473100ee06e0c796c2955552b");
    EXPECT_EQ(
        hmac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    EXPECT_EQ(hmac(std::string(131, '\xaa'),
                   "This is a test using a larger than block-size key and a larger than block-size "
                   "data. The key needs to be hashed before being used by the HMAC algorithm."),
              "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

// RFC 2104 §2: a key of one block is used as it is, a longer one is hashed.
TEST(HmacSha256, HashesAKeyLongerThanABlockOnly) {
    const std::string block(64, 'k'), longer(65, 'k');
    const auto digest = session::Sha256().of(longer);

    EXPECT_EQ(hmac(longer, "message"),
              hmac({reinterpret_cast<const char*>(digest.data()), digest.size()}, "message"));
    EXPECT_NE(hmac(block, "message"), hmac(longer, "message"));
    EXPECT_EQ(hmac(std::string(32, 'k'), "message"),
              hmac(std::string(32, 'k') + std::string(32, '\0'), "message"));
}

TEST(HmacSha256, KeepsItsKeyAndStartsAnewEachTime) {
    const session::HmacSha256 mac(policy::Secret("Jefe"));
    const auto first = mac.of("what do ya want for nothing?");
    (void)mac.of("something else");

    EXPECT_EQ(mac.of("what do ya want for nothing?"), first);
}

TEST(HmacSha256, OfPartsIsThatOfTheWhole) {
    const session::HmacSha256 mac(policy::Secret("Jefe"));
    const std::array parts{"what do ya "sv, ""sv, "want for nothing?"sv};

    EXPECT_EQ(mac.of(parts), mac.of("what do ya want for nothing?"));
}

TEST(HmacSha256, WorksAfterAMove) {
    session::HmacSha256 first(policy::Secret("Jefe"));
    const session::HmacSha256 second(std::move(first));

    EXPECT_EQ(policy::to_hex(second.of("what do ya want for nothing?")),
              hmac("Jefe", "what do ya want for nothing?"));
}

}  // namespace
