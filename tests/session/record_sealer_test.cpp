#include "session/record_sealer.h"

#include <gtest/gtest.h>

#include "tests/session/fixtures.h"
#include "tests/session/keys.h"

namespace {

using namespace fixtures;

session::RecordSealer with_keys(std::initializer_list<const char*> ids) {
    std::vector<session::CookieKey> keys;
    for (const std::string id : ids) keys.push_back(cookie_key(id, id.back()));
    return session::RecordSealer(keys);
}

TEST(RecordSealer, OpensWhatItSealed) {
    const auto sealer = with_keys({"k1"});
    support::FakeRandom random;
    const auto at = new_key();

    const auto sealed = sealer.seal(at, user("alice"), random).value();

    EXPECT_EQ(sealer.open(at, sealed), user("alice"));
    EXPECT_NE(sealer.seal(at, user("alice"), random).value(), sealed);
}

TEST(RecordSealer, OpensUnderAnOlderKeyAndNotUnderOneThatIsGone) {
    support::FakeRandom random;
    const auto at = new_key();
    const auto sealed = with_keys({"k1"}).seal(at, user(), random).value();

    EXPECT_TRUE(with_keys({"k2", "k1"}).open(at, sealed));
    EXPECT_FALSE(with_keys({"k2"}).open(at, sealed));
}

TEST(RecordSealer, OpensNothingForAnotherFamilyOrAnotherKey) {
    const auto sealer = with_keys({"k1"});
    support::FakeRandom random;
    const auto at = new_key(), other = new_key();
    const auto sealed = sealer.seal(at, user(), random).value();

    EXPECT_FALSE(sealer.open({at.key, other.family}, sealed));
    EXPECT_FALSE(sealer.open({other.key, at.family}, sealed));
}

TEST(RecordSealer, OpensNothingThatWasChanged) {
    const auto sealer = with_keys({"k1"});
    support::FakeRandom random;
    const auto at = new_key();
    const auto sealed = sealer.seal(at, user(), random).value();

    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(sealer.open(at, changed)) << i;
    }
    EXPECT_FALSE(sealer.open(at, ""));
    EXPECT_FALSE(sealer.open(at, "k1."));
    EXPECT_FALSE(sealer.open(at, sealed.substr(0, sealed.size() - 1)));
}

TEST(RecordSealer, ShowsAdministratorsNoSecret) {
    const auto sealer = with_keys({"k1"});
    support::FakeRandom random;
    const auto at = new_key();
    auto value = user("alice");
    value.vault.apply("SID=backends-secret; Path=/", {"wiki", "wiki.example.org", "/"}, kStart, {});

    const auto summary = sealer.open_summary(at, sealer.seal_summary(at, value, random).value());

    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->authentication, value.authentication);
    EXPECT_EQ(summary->vault.header({"wiki", "wiki.example.org", "/"}, kStart), "");
    EXPECT_NE(value.vault.header({"wiki", "wiki.example.org", "/"}, kStart), "");
    EXPECT_FALSE(sealer.open_summary(new_key(), sealer.seal_summary(at, value, random).value()));
}

TEST(RecordSealer, SealsNothingWithoutRandomness) {
    support::FakeRandom random;
    random.fail();

    EXPECT_FALSE(with_keys({"k1"}).seal(new_key(), user(), random));
    EXPECT_FALSE(with_keys({"k1"}).seal_summary(new_key(), user(), random));
}

}  // namespace
