#include "session/seal.h"

#include <gtest/gtest.h>

#include "tests/session/keys.h"
#include "tests/support/fake_random.h"

namespace {

using session::Sealer;

Sealer sealer(std::vector<std::string> ids) {
    std::vector<session::CookieKey> keys;
    for (const auto& id : ids) keys.push_back(fixtures::cookie_key(id, id.back()));
    return Sealer(keys);
}

class Seal : public testing::Test {
protected:
    std::string sealed(std::string_view plain = "secret", std::string_view context = "context") {
        return sealer_.seal(plain, context, random_).value();
    }

    support::FakeRandom random_;
    Sealer sealer_ = sealer({"k1"});
};

TEST_F(Seal, OpensWhatItSealed) {
    for (const auto* plain : {"", "x", "a longer text than one block of the cipher"}) {
        const auto opened = sealer_.open(sealed(plain), "context");
        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->plain, plain);
        EXPECT_FALSE(opened->under_old_key);
        EXPECT_LE(sealed(plain).size(), Sealer::size_of(std::string_view(plain).size()));
    }
    EXPECT_NE(sealed(), sealed()) << "never the same nonce";
    EXPECT_EQ(sealed().find("secret"), std::string::npos);
}

TEST_F(Seal, BelongsToItsContext) {
    EXPECT_FALSE(sealer_.open(sealed(), "another"));
    EXPECT_FALSE(sealer_.open(sealed(), ""));
}

TEST_F(Seal, IsBrokenByAnyChange) {
    const auto text = sealed();
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto changed = text;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(sealer_.open(changed, "context")) << i;
    }
    for (const auto& wrong : {std::string(), std::string("k1."), std::string("k1.AAAA"), text + "A",
                              text.substr(0, text.size() - 4), "." + text})
        EXPECT_FALSE(sealer_.open(wrong, "context")) << wrong;
}

TEST_F(Seal, OpensUnderAnOldKeyAndNotUnderALostOne) {
    const auto text = sealed();

    EXPECT_TRUE(sealer({"k2", "k1"}).open(text, "context")->under_old_key);
    EXPECT_FALSE(sealer({"k2"}).open(text, "context"));
}

TEST_F(Seal, NeedsANonce) {
    random_.fail();

    EXPECT_FALSE(sealer_.seal("x", "context", random_));
}

}  // namespace
