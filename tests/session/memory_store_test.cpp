#include "session/memory_store.h"

#include <gtest/gtest.h>

#include "tests/session/store_contract.h"

namespace contract {

struct MemoryStoreUnderTest : AtOnce {
    session::MemoryStore store{{}};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, StoreContract, MemoryStoreUnderTest);

}  // namespace contract

namespace {

using namespace fixtures;
using policy::Reason;
using session::MemoryStore;
using session::SessionKey;
using session::Write;
using support::run;

Reason create(MemoryStore& store, session::Locator key, session::Session value) {
    const auto created = run(store.create(key, record(std::move(value)), kStart));
    return created ? Reason::None : created.error().reason;
}

// As many calls as it takes to come by every shard.
std::size_t sweep_all(MemoryStore& store, policy::Instant now) {
    std::size_t dropped = 0;
    for (int i = 0; i < 8; ++i) dropped += store.sweep(now).size();
    return dropped;
}

Reason ended_reason(MemoryStore& store, session::Locator key) {
    const auto lookup = run(store.load(key)).value();
    const auto* ended = std::get_if<session::Ended>(&lookup);
    return ended ? ended->reason : Reason::None;
}

bool is_missing(MemoryStore& store, session::Locator key) {
    return std::holds_alternative<session::Missing>(run(store.load(key)).value());
}

TEST(MemoryStore, RefusesASessionTooMany) {
    MemoryStore store({2, 2, 10});
    EXPECT_EQ(create(store, new_key(), user()), Reason::None);
    EXPECT_EQ(create(store, new_key(), user()), Reason::None);

    EXPECT_EQ(create(store, new_key(), user()), Reason::StoreFull);

    EXPECT_EQ(store.size(), 2U);
}

TEST(MemoryStore, KeepsRoomForUsersThatStrangersCannotTake) {
    MemoryStore store({2, 1, 10});
    EXPECT_EQ(create(store, new_key(), stranger()), Reason::None);

    EXPECT_EQ(create(store, new_key(), stranger()), Reason::StoreFull);
    EXPECT_EQ(create(store, new_key(), user()), Reason::None);
}

TEST(MemoryStore, LetsAStrangerLogInWhenItIsFull) {
    MemoryStore store({1, 1, 10});
    const auto key = new_key();
    ASSERT_EQ(create(store, key, stranger()), Reason::None);

    EXPECT_EQ(run(store.replace(key, 1, record(user()), kStart)).value(), Write::Done);

    EXPECT_EQ(store.size(), 1U);
}

TEST(MemoryStore, CountsAStrangerWhoLoggedInNoLonger) {
    MemoryStore store({10, 1, 10});
    const auto replaced = new_key();
    ASSERT_EQ(create(store, replaced, stranger()), Reason::None);
    ASSERT_EQ(run(store.replace(replaced, 1, record(user()), kStart)).value(), Write::Done);

    EXPECT_EQ(create(store, new_key(), stranger()), Reason::None);
    EXPECT_EQ(create(store, new_key(), stranger()), Reason::StoreFull);
}

TEST(MemoryStore, GivesThePlaceOfAnEndedSessionToTheNext) {
    MemoryStore store({1, 1, 10});
    const auto key = new_key();
    ASSERT_EQ(create(store, key, stranger()), Reason::None);

    ASSERT_EQ(run(store.end(key, Reason::LoggedOut, kStart + 1h)).value(), Write::Done);

    EXPECT_EQ(store.size(), 0U);
    EXPECT_EQ(create(store, new_key(), stranger()), Reason::None);
}

TEST(MemoryStore, TakesNoPlaceForASessionThatItRefused) {
    MemoryStore store({1, 1, 10});
    const auto key = new_key();
    ASSERT_EQ(create(store, key, user()), Reason::None);
    ASSERT_EQ(create(store, new_key(), stranger()), Reason::StoreFull);
    ASSERT_EQ(run(store.end(key, Reason::LoggedOut, kStart + 1h)).value(), Write::Done);

    EXPECT_EQ(create(store, new_key(), stranger()), Reason::None);
}

TEST(MemoryStore, LetsOneNetworkHaveOnlyItsShareOfStrangers) {
    MemoryStore store({10, 10, 10, 2, {}});
    const auto from = [](policy::IpAddress address) {
        auto value = stranger();
        value.environment.bound.address = address;
        return value;
    };
    const auto neighbour = policy::IpAddress::v4({192, 0, 2, 99});
    const auto first = new_key();
    ASSERT_EQ(create(store, first, from(home())), Reason::None);
    ASSERT_EQ(create(store, new_key(), from(neighbour)), Reason::None);

    EXPECT_EQ(create(store, new_key(), from(home())), Reason::TooManyStrangers);
    EXPECT_EQ(create(store, new_key(), from(elsewhere())), Reason::None);
    EXPECT_EQ(create(store, new_key(), user()), Reason::None);  // Who logs in is no stranger.

    ASSERT_EQ(*run(store.replace(first, 1, record(user()), kStart)), Write::Done);
    EXPECT_EQ(create(store, new_key(), from(home())), Reason::None);
    EXPECT_EQ(create(store, new_key(), from(home())), Reason::TooManyStrangers);
}

struct Listener final : session::EndListener {
    void ended(const SessionKey& key, const session::Session*, Reason reason) override {
        heard.emplace_back(key, reason);
    }
    std::vector<std::pair<SessionKey, Reason>> heard;
};

TEST(MemoryStore, TellsItsListenerOnceOfEachEnd) {
    Listener listener;
    MemoryStore store({}, &listener);
    const auto out = new_key(), idle = new_key(), revoked = new_key();
    for (const auto& key : {out, idle, revoked}) create(store, key, user());

    (void)run(store.end(out, Reason::LoggedOut, kStart + 1h));
    (void)run(store.end(out, Reason::Revoked, kStart + 1h));
    (void)run(store.revoke({revoked.handle(), {}, {}, {}}, MemoryStore::Mode::ForReal, 1));
    sweep_all(store, kStart + 30min);
    sweep_all(store, kStart + 31min);

    using Pair = std::pair<SessionKey, Reason>;
    EXPECT_EQ(listener.heard,
              (std::vector{Pair{out, Reason::LoggedOut}, Pair{revoked, Reason::Revoked},
                           Pair{idle, Reason::IdleTimeout}}));
}

TEST(MemoryStore, SweepsSessionsThatWereIdleForTooLong) {
    MemoryStore store({});
    const auto idle = new_key();
    const auto active = new_key();
    create(store, idle, user());
    create(store, active, user());
    run(store.touch(active, kStart + 10min));

    EXPECT_EQ(sweep_all(store, kStart + 30min), 1U);

    EXPECT_EQ(ended_reason(store, idle), Reason::IdleTimeout);
    EXPECT_EQ(store.size(), 1U);
}

TEST(MemoryStore, SweepsSessionsPastTheirAbsoluteEnd) {
    MemoryStore store({});
    const auto key = new_key();
    create(store, key, user());
    for (auto now = kStart; now < kStart + 8h; now += 20min) run(store.touch(key, now));

    EXPECT_EQ(sweep_all(store, kStart + 8h - 1ms), 0U);
    EXPECT_EQ(sweep_all(store, kStart + 8h), 1U);

    EXPECT_EQ(ended_reason(store, key), Reason::AbsoluteTimeout);
}

TEST(MemoryStore, ForgetsATombstoneAtItsEnd) {
    MemoryStore store({});
    const auto key = new_key();
    create(store, key, user());
    (void)run(store.end(key, Reason::Revoked, kStart + 1h));

    sweep_all(store, kStart + 1h - 1ms);
    EXPECT_EQ(ended_reason(store, key), Reason::Revoked);
    sweep_all(store, kStart + 1h);
    EXPECT_TRUE(is_missing(store, key));
}

TEST(MemoryStore, ForgetsTheOldestTombstonesWhenThereAreTooMany) {
    MemoryStore store({100'000, 100'000, 256});  // One in each shard.
    std::vector<session::Locator> keys;
    for (int i = 0; i < 2000; ++i) {
        keys.push_back(new_key());
        create(store, keys.back(), user());
        (void)run(store.end(keys.back(), Reason::Revoked, kStart + 1h));
    }

    std::size_t known = 0;
    for (const auto& key : keys) known += is_missing(store, key) ? 0 : 1;

    EXPECT_LE(known, 256U);
    EXPECT_TRUE(is_missing(store, keys.front()));
    EXPECT_FALSE(is_missing(store, keys.back()));
}

TEST(MemoryStore, CanDoWithoutTombstones) {
    MemoryStore store({10, 10, 0});
    const auto key = new_key();
    create(store, key, user());

    EXPECT_EQ(run(store.end(key, Reason::Revoked, kStart + 1h)).value(), Write::Done);

    EXPECT_TRUE(is_missing(store, key));
}

TEST(MemoryStore, TellsOfEachSessionThatItSweeps) {
    MemoryStore store{session::MemoryLimits{}};
    const auto key = new_key();
    ASSERT_EQ(create(store, key, user()), Reason::None);

    policy::Findings told;
    for (int i = 0; i < 16; ++i) {
        for (auto& finding : store.sweep(kStart + 30min)) told.push_back(std::move(finding));
    }

    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].event, policy::Event::SessionExpired);
    EXPECT_EQ(told[0].reason, Reason::IdleTimeout);
    EXPECT_EQ(told[0].arguments[0].second, key.handle().text());
}

}  // namespace
