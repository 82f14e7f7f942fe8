#pragma once

// What every Store must do. A store joins with a type that holds it:
//
//     struct MemoryStoreUnderTest : AtOnce { session::MemoryStore store{{}}; };
//     INSTANTIATE_TYPED_TEST_SUITE_P(Memory, StoreContract, MemoryStoreUnderTest);
//
// `run(task)` is how it runs a task to its end: AtOnce, or with a loop of its own.

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "session/store.h"
#include "tests/session/fixtures.h"
#include "tests/support/run_task.h"

namespace contract {

using namespace fixtures;
using policy::Reason;
using session::Write;

// For stores that never wait.
struct AtOnce {
    template <class T>
    T run(session::Task<T> task) {
        return support::run(std::move(task));
    }
};

template <class UnderTest>
class StoreContract : public testing::Test {
protected:
    template <class T>
    T run(session::Task<T> task) {
        return under_test_.run(std::move(task));
    }
    session::Lookup load(session::Locator key) { return run(store_.load(key)).value(); }
    session::Stored stored(session::Locator key) { return std::get<session::Stored>(load(key)); }
    session::Ended ended(session::Locator key) { return std::get<session::Ended>(load(key)); }
    bool is_missing(session::Locator key) {
        return std::holds_alternative<session::Missing>(load(key));
    }

    session::Locator created(session::Session value = user()) {
        const auto key = new_key();
        const auto made = run(store_.create(key, record(std::move(value)), kStart));
        EXPECT_TRUE(made) << (made ? "" : made.error().context);
        return key;
    }
    Write replace(session::Locator key, session::Version expected, session::Session value,
                  policy::Instant now = kStart) {
        return run(store_.replace(key, expected, record(std::move(value), now), now)).value();
    }
    Write end(session::SessionKey key, Reason reason = Reason::LoggedOut) {
        return run(store_.end(key, reason, kStart + 8h)).value();
    }

    UnderTest under_test_;
    session::Store& store_ = under_test_.store;
};

TYPED_TEST_SUITE_P(StoreContract);

TYPED_TEST_P(StoreContract, FindsNothingUnderAnUnknownKey) {
    EXPECT_TRUE(this->is_missing(new_key()));
}

TYPED_TEST_P(StoreContract, GivesBackWhatWasCreated) {
    const auto key = this->created(user("alice"));

    const auto stored = this->stored(key);

    EXPECT_EQ(*stored.session, user("alice"));
    EXPECT_EQ(stored.last_seen, kStart);
}

TYPED_TEST_P(StoreContract, CreatesNothingUnderAKeyInUse) {
    const auto key = this->created(user("alice"));

    const auto again = this->run(this->store_.create(key, record(user("mallory")), kStart));

    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().reason, Reason::StoreConflict);
    EXPECT_EQ(*this->stored(key).session, user("alice"));
}

TYPED_TEST_P(StoreContract, CreatesNothingUnderAKeyThatHasEnded) {
    const auto key = this->created();
    this->end(key);

    EXPECT_FALSE(this->run(this->store_.create(key, record(user()), kStart)));
    EXPECT_EQ(this->ended(key).reason, Reason::LoggedOut);
}

TYPED_TEST_P(StoreContract, ReplacesTheVersionThatWasRead) {
    const auto key = this->created(user("alice"));
    const auto before = this->stored(key);

    EXPECT_EQ(this->replace(key, before.version, user("bob"), kStart + 1s), Write::Done);

    const auto after = this->stored(key);
    EXPECT_EQ(*after.session, user("bob"));
    EXPECT_GT(after.version, before.version);
    EXPECT_EQ(after.last_seen, kStart + 1s);
    EXPECT_EQ(*before.session, user("alice"));  // A snapshot stays as it was.
}

TYPED_TEST_P(StoreContract, DoesNotReplaceAnotherVersion) {
    const auto key = this->created();
    const auto version = this->stored(key).version;
    this->replace(key, version, user("bob"));

    EXPECT_EQ(this->replace(key, version, user("carol")), Write::Conflict);

    EXPECT_EQ(*this->stored(key).session, user("bob"));
}

TYPED_TEST_P(StoreContract, WritesNothingUnderAnUnknownKey) {
    const auto key = new_key();

    EXPECT_EQ(this->replace(key, 1, user()), Write::Gone);
    EXPECT_EQ(this->end(key), Write::Gone);

    EXPECT_TRUE(this->is_missing(key));
}

TYPED_TEST_P(StoreContract, NotesOnlyTheActivityThatIsWrittenWithIt) {
    const auto key = this->created();
    const auto version = this->stored(key).version;

    EXPECT_EQ(
        this->run(this->store_.replace(key, version, record(user("bob"), kStart), kStart + 1min))
            .value(),
        Write::Done);

    EXPECT_EQ(this->stored(key).last_seen, kStart);
}

TYPED_TEST_P(StoreContract, FindsTheSessionsOfAUser) {
    const auto sessions_of = [&](std::string name) {
        std::vector<session::SessionKey> keys;
        const auto found = this->run(this->store_.sessions_of(policy::UserName(name))).value();
        for (const auto& each : found) {
            EXPECT_EQ(each.authenticated_at, kStart);
            keys.push_back(each.key);
        }
        std::sort(keys.begin(), keys.end());
        return keys;
    };
    std::vector<session::SessionKey> both{this->created(user("alice")),
                                          this->created(user("alice"))};
    std::sort(both.begin(), both.end());
    const auto login = this->created(stranger());
    const auto third = this->created(user("bob"));

    EXPECT_EQ(sessions_of("alice"), both);
    EXPECT_TRUE(sessions_of("carol").empty());

    this->replace(login, 1, user("carol"));
    EXPECT_EQ(sessions_of("carol"), std::vector{login.key});
    this->replace(third, 1, user("carol"));
    EXPECT_EQ(sessions_of("carol").size(), 2U);
    EXPECT_TRUE(sessions_of("bob").empty());
    this->replace(third, 2, stranger());
    this->end(both[0]);
    EXPECT_EQ(sessions_of("carol"), std::vector{login.key});
    EXPECT_EQ(sessions_of("alice"), std::vector{both[1]});
}

TYPED_TEST_P(StoreContract, LeavesATombstoneWhereASessionEnded) {
    const auto key = this->created();

    EXPECT_EQ(this->end(key, Reason::Revoked), Write::Done);

    EXPECT_EQ(this->ended(key).reason, Reason::Revoked);
}

TYPED_TEST_P(StoreContract, EndsASessionOnceAndKeepsTheFirstReason) {
    const auto key = this->created();
    this->end(key, Reason::Revoked);

    EXPECT_EQ(this->end(key, Reason::LoggedOut), Write::Gone);

    EXPECT_EQ(this->ended(key).reason, Reason::Revoked);
}

TYPED_TEST_P(StoreContract, LetsEndWinOverLaterWrites) {
    const auto key = this->created();
    const auto version = this->stored(key).version;
    this->end(key);

    EXPECT_EQ(this->replace(key, version, user("bob")), Write::Gone);
    this->run(this->store_.touch(key, kStart + 1s));

    EXPECT_EQ(this->ended(key).reason, Reason::LoggedOut);
}

TYPED_TEST_P(StoreContract, TouchesForwardOnly) {
    const auto key = this->created();

    this->run(this->store_.touch(key, kStart + 2min));
    this->run(this->store_.touch(key, kStart + 1min));

    EXPECT_EQ(this->stored(key).last_seen, kStart + 2min);
}

TYPED_TEST_P(StoreContract, LetsATouchNotDisturbAWrite) {
    const auto key = this->created();
    const auto version = this->stored(key).version;
    this->run(this->store_.touch(key, kStart + 1min));

    EXPECT_EQ(this->replace(key, version, user("bob"), kStart + 30s), Write::Done);

    EXPECT_EQ(this->stored(key).last_seen, kStart + 1min);
}

TYPED_TEST_P(StoreContract, CreatesNothingByATouch) {
    const auto key = new_key();

    this->run(this->store_.touch(key, kStart));

    EXPECT_TRUE(this->is_missing(key));
}

TYPED_TEST_P(StoreContract, WritesNothingToASessionThatWasIdleForTooLong) {
    const auto key = this->created();
    const auto version = this->stored(key).version;

    this->run(this->store_.touch(key, kStart + 30min));

    EXPECT_EQ(this->replace(key, version, user("bob"), kStart + 30min), Write::Gone);
}

TYPED_TEST_P(StoreContract, WritesNothingPastTheAbsoluteEnd) {
    const auto key = this->created();
    const auto version = this->stored(key).version;
    for (auto now = kStart; now < kStart + 8h; now += 20min)
        this->run(this->store_.touch(key, now));

    EXPECT_EQ(this->replace(key, version, user("bob"), kStart + 8h), Write::Gone);
}

REGISTER_TYPED_TEST_SUITE_P(StoreContract, FindsNothingUnderAnUnknownKey, GivesBackWhatWasCreated,
                            CreatesNothingUnderAKeyInUse, CreatesNothingUnderAKeyThatHasEnded,
                            ReplacesTheVersionThatWasRead, DoesNotReplaceAnotherVersion,
                            WritesNothingUnderAnUnknownKey, NotesOnlyTheActivityThatIsWrittenWithIt,
                            FindsTheSessionsOfAUser, LeavesATombstoneWhereASessionEnded,
                            EndsASessionOnceAndKeepsTheFirstReason, LetsEndWinOverLaterWrites,
                            TouchesForwardOnly, LetsATouchNotDisturbAWrite, CreatesNothingByATouch,
                            WritesNothingToASessionThatWasIdleForTooLong,
                            WritesNothingPastTheAbsoluteEnd);

}  // namespace contract
