// The memory store under several threads. Meant to be run with the thread sanitizer, too.

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "session/memory_store.h"
#include "tests/session/fixtures.h"
#include "tests/support/run_task.h"

namespace {

using namespace fixtures;
using policy::Reason;
using session::MemoryStore;
using session::SessionKey;
using session::Stored;
using session::Write;
using support::run;

constexpr int kThreads = 4;
constexpr int kRounds = 200;

void in_threads(const std::function<void(int)>& work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) threads.emplace_back(work, i);
    for (auto& thread : threads) thread.join();
}

TEST(MemoryStoreThreads, GiveEachVersionToExactlyOneWriter) {
    MemoryStore store({});
    const auto key = new_key();
    ASSERT_TRUE(run(store.create(key, record(user()), kStart)));
    std::array<std::atomic<int>, kThreads * kRounds + 2> done_at{};

    in_threads([&](int) {
        for (int i = 0; i < kRounds; ++i) {
            const auto version = std::get<Stored>(run(store.load(key)).value()).version;
            const auto written = run(store.replace(key, version, record(user()), kStart));
            if (*written == Write::Done) ++done_at[version];
        }
    });

    const auto last = std::get<Stored>(run(store.load(key)).value()).version;
    for (session::Version version = 1; version < last; ++version) EXPECT_EQ(done_at[version], 1);
    EXPECT_EQ(done_at[last], 0);
}

TEST(MemoryStoreThreads, ReviveNothingThatEnded) {
    for (int round = 0; round < kRounds; ++round) {
        MemoryStore store({});
        const auto key = new_key();
        ASSERT_TRUE(run(store.create(key, record(user()), kStart)));

        in_threads([&](int thread) {
            if (thread == 0) (void)run(store.end(key, Reason::LoggedOut, kStart + 1h));
            (void)run(store.replace(key, 1, record(user()), kStart));
            run(store.touch(key, kStart + 1s));
        });

        const auto lookup = run(store.load(key));
        ASSERT_TRUE(std::holds_alternative<session::Ended>(*lookup));
        ASSERT_EQ(store.size(), 0U);
    }
}

TEST(MemoryStoreThreads, RevokeAUserWhoseSessionsAreWrittenAndSwept) {
    MemoryStore store({});
    std::vector<session::Locator> keys;
    for (int i = 0; i < kRounds; ++i) {
        keys.push_back(new_key());
        ASSERT_TRUE(run(store.create(keys.back(), record(user()), kStart)));
    }
    std::atomic<std::size_t> revoked{0};

    in_threads([&](int thread) {
        session::Selection alice;
        alice.user = policy::UserName("alice");
        if (thread == 0) {
            revoked += run(store.revoke(alice, MemoryStore::Mode::ForReal, 0)).value().sessions;
            return;
        }
        for (const auto& key : keys) {
            (void)run(store.replace(key, 1, record(user()), kStart));
            (void)run(store.sessions_of(policy::UserName("alice")));
            (void)store.sweep(kStart);
        }
    });

    EXPECT_EQ(revoked, keys.size());
    EXPECT_EQ(store.size(), 0U);
}

TEST(MemoryStoreThreads, NeverExceedTheLimits) {
    MemoryStore store({50, 20, 100});
    std::atomic<std::size_t> users{0};
    std::atomic<std::size_t> strangers{0};

    in_threads([&](int thread) {
        const bool is_user = thread % 2 == 0;
        for (int i = 0; i < kRounds; ++i) {
            auto value = is_user ? user() : stranger();
            if (!run(store.create(new_key(), record(std::move(value)), kStart))) continue;
            ++(is_user ? users : strangers);
        }
    });

    EXPECT_EQ(users + strangers, 50U);
    EXPECT_LE(strangers, 20U);
    EXPECT_EQ(store.size(), 50U);
}

TEST(MemoryStoreThreads, NeverExceedTheLimitOfStrangers) {
    MemoryStore store({50, 20, 100});
    std::atomic<std::size_t> created{0};

    in_threads([&](int) {
        for (int i = 0; i < kRounds; ++i) {
            if (run(store.create(new_key(), record(stranger()), kStart))) ++created;
        }
    });

    EXPECT_EQ(created, 20U);
    EXPECT_EQ(store.size(), 20U);
}

}  // namespace
