#include "session/sealed_store.h"

#include <gtest/gtest.h>

#include "tests/session/keys.h"
#include "tests/session/store_contract.h"

namespace contract {

inline session::Sealer one_sealer() {
    std::vector<session::CookieKey> keys;
    keys.push_back(fixtures::cookie_key("k1", 'a'));
    return session::Sealer(keys);
}

struct SealedStoreUnderTest : AtOnce {
    support::FakeRandom random;
    support::FakeClock clock;
    session::SealedStore store{{}, one_sealer(), random, clock};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Sealed, StoreContract, SealedStoreUnderTest);

}  // namespace contract

namespace {

using namespace fixtures;
using policy::Reason;
using session::SealedLimits;
using session::SealedStore;
using session::SessionKey;
using session::Write;
using support::run;

// One process after another, with the same keys.
struct Node {
    explicit Node(SealedLimits limits = {})
        : store(limits, contract::one_sealer(), random, clock) {}

    session::Locator begin(session::Session value = user()) {
        const auto key = new_key();
        EXPECT_TRUE(run(store.create(key, record(std::move(value)), kStart)));
        return key;
    }
    std::string kept(SessionKey key) { return store.to_keep(key, "").value(); }
    bool knows(session::Locator key) {
        const auto lookup = run(store.load(key));
        return std::holds_alternative<session::Stored>(*lookup);
    }
    bool takes(session::Locator key, std::string_view text) {
        store.present(key, text);
        return knows(key);
    }

    support::FakeRandom random;
    support::FakeClock clock;
    SealedStore store;
};

TEST(SealedStore, IsWhereTheClientBringsIt) {
    Node first, second;
    const auto key = first.begin();
    const auto text = first.kept(key);

    EXPECT_FALSE(second.knows(key));
    ASSERT_TRUE(second.takes(key, text));

    const auto lookup = run(second.store.load(key));
    EXPECT_EQ(*std::get<session::Stored>(*lookup).session, user());
    EXPECT_FALSE(second.store.to_keep(key, text)) << "it has it already";
    EXPECT_FALSE(second.takes(new_key(), text)) << "another family's";
}

TEST(SealedStore, GivesTheClientWhatChanged) {
    Node node;
    const auto key = node.begin();
    const auto before = node.kept(key);
    ASSERT_EQ(*run(node.store.replace(key, 1, record(user("bob")), kStart)), Write::Done);

    const auto after = node.store.to_keep(key, before);
    ASSERT_TRUE(after);
    EXPECT_NE(*after, before);
    EXPECT_FALSE(node.store.to_keep(key, *after));
    run(node.store.touch(key, kStart + 1min));
    EXPECT_TRUE(node.store.to_keep(key, *after)) << "the last activity is in it";

    Node other;
    ASSERT_TRUE(other.takes(key, *after));
    EXPECT_TRUE(other.takes(key, before));
    const auto lookup = run(other.store.load(key));
    EXPECT_EQ(std::get<session::Stored>(*lookup).session->authentication->user.text(), "bob")
        << "an older one takes nothing back";
}

TEST(SealedStore, KnowsWhoIsOut) {
    Node node;
    const auto key = node.begin();
    const auto text = node.kept(key);

    ASSERT_EQ(*run(node.store.end(key, Reason::LoggedOut, kStart + 8h)), Write::Done);

    EXPECT_FALSE(node.takes(key, text));
    const auto lookup = run(node.store.load(key));
    EXPECT_EQ(std::get<session::Ended>(*lookup).reason, Reason::LoggedOut);
}

TEST(SealedStore, DoesNotGoBackBehindALogin) {
    SealedLimits limits;
    limits.in_use = 1;
    Node node(limits);
    const auto key = node.begin(stranger());
    const auto before = node.kept(key);
    auto later = user();
    later.ids.incarnation = 2;
    ASSERT_EQ(*run(node.store.replace(key, 1, record(later), kStart)), Write::Done);
    const auto after = node.kept(key);
    node.begin();  // Takes the only place.

    EXPECT_FALSE(node.takes(key, before));
    EXPECT_TRUE(node.takes(key, after));
}

TEST(SealedStore, EndsEverythingWhenItCannotRememberWhoIsOut) {
    SealedLimits limits;
    limits.denied = 2;
    limits.in_use = 100;
    Node node(limits);
    const auto idle = node.begin(), out = node.begin();
    const auto idle_text = node.kept(idle), out_text = node.kept(out);
    SealedLimits small = limits;
    small.in_use = 1;
    Node other(small);
    (void)other.takes(out, out_text);
    (void)run(other.store.end(out, Reason::LoggedOut, kStart + 8h));
    other.clock.advance(1s);
    for (int i = 0; i < 2; ++i)
        (void)run(other.store.end(other.begin(), Reason::LoggedOut, kStart + 8h));

    EXPECT_FALSE(other.takes(out, out_text)) << "forgotten, and out all the same";
    EXPECT_FALSE(other.takes(idle, idle_text));
}

TEST(SealedStore, TakesNothingFromBeforeItsEpoch) {
    Node before;
    const auto key = before.begin();
    const auto text = before.kept(key);
    SealedLimits limits;
    limits.epoch = kStart + 1ms;
    Node restarted(limits);

    EXPECT_FALSE(restarted.takes(key, text));
}

TEST(SealedStore, RefusesWhatNoBrowserKeeps) {
    Node node;
    auto value = user();
    for (int i = 0; i < 30; ++i)
        value.vault.apply("c" + std::to_string(i) + "=" + std::string(100, 'x'),
                          {"wiki", "wiki.example.org", "/"}, kStart, {});

    const auto created = run(node.store.create(new_key(), record(value), kStart));
    ASSERT_FALSE(created);
    EXPECT_EQ(created.error().reason, Reason::StoreFull);
    const auto key = node.begin();
    EXPECT_FALSE(run(node.store.replace(key, 1, record(value), kStart)));
    EXPECT_LE(node.kept(key).size(), 3800U);
}

TEST(SealedStore, IsRevokedByHandleAndAltogether) {
    Node node, fresh;
    const auto one = node.begin(), other = node.begin();
    const auto one_text = node.kept(one), other_text = node.kept(other);
    session::Selection by_handle;
    by_handle.handle = one.handle();

    (void)run(fresh.store.revoke(by_handle, SealedStore::Mode::ForReal, 1));
    EXPECT_FALSE(fresh.takes(one, one_text)) << "although it was not in use";
    EXPECT_TRUE(fresh.takes(other, other_text));
    fresh.clock.advance(1s);
    EXPECT_EQ(run(fresh.store.revoke({}, SealedStore::Mode::ForReal, 1)).value().sessions, 1U);
    EXPECT_FALSE(fresh.takes(other, other_text));
    node.clock.advance(2s);
}

}  // namespace
