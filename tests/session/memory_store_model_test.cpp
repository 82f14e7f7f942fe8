// The memory store against a model of a few lines, with random operations on a few keys.

#include <algorithm>
#include <map>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "session/memory_store.h"
#include "tests/session/fixtures.h"
#include "tests/support/run_task.h"

namespace {

using namespace fixtures;
using policy::Reason;
using session::Write;
using support::run;

constexpr std::size_t kKeys = 4;
constexpr std::size_t kMostStrangers = 2;
constexpr std::size_t kMostSessions = 3;
constexpr int kSweepsOfAllShards = 8;

// What the store should hold.
class Model {
public:
    Reason create(std::size_t key, const session::Session& value, policy::Instant now) {
        if (live_.contains(key) || ended_.contains(key)) return Reason::StoreConflict;
        const bool is_stranger = !value.authentication;
        if (is_stranger && strangers() >= kMostStrangers) return Reason::StoreFull;
        if (live_.size() >= kMostSessions) return Reason::StoreFull;
        live_[key] = {value, 1, now};
        return Reason::None;
    }

    Write replace(std::size_t key, session::Version expected, const session::Session& value,
                  policy::Instant now) {
        if (is_gone(key, now)) return Write::Gone;
        auto& entry = live_[key];
        if (entry.version != expected) return Write::Conflict;
        entry = {value, expected + 1, now};
        return Write::Done;
    }

    Write end(std::size_t key, Reason reason, policy::Instant keep_until) {
        if (live_.erase(key) == 0) return Write::Gone;
        ended_[key] = {reason, keep_until};
        return Write::Done;
    }

    std::size_t sweep(policy::Instant now) {
        const auto dropped = std::erase_if(live_, [&](const auto& each) {
            const auto& [value, version, last_seen] = each.second;
            const auto absolute = session::absolute_end(value, {});
            const auto idle = session::lifetime_of(value, {}).idle;
            if (std::min(absolute, last_seen + idle) > now) return false;
            const bool was_idle = last_seen + idle < absolute;
            ended_[each.first] = {was_idle ? Reason::IdleTimeout : Reason::AbsoluteTimeout,
                                  std::max(absolute, now + idle)};
            return true;
        });
        std::erase_if(ended_, [&](const auto& each) { return each.second.keep_until <= now; });
        return dropped;
    }

    void touch(std::size_t key, policy::Instant now) {
        if (!is_gone(key, now)) live_[key].last_seen = now;
    }

    void check(const session::Lookup& found, std::size_t key) const {
        if (const auto live = live_.find(key); live != live_.end()) {
            const auto& stored = std::get<session::Stored>(found);
            RC_ASSERT(*stored.session == live->second.value);
            RC_ASSERT(stored.version == live->second.version);
            RC_ASSERT(stored.last_seen == live->second.last_seen);
        } else if (const auto ended = ended_.find(key); ended != ended_.end()) {
            RC_ASSERT(std::get<session::Ended>(found).reason == ended->second.reason);
        } else {
            RC_ASSERT(std::holds_alternative<session::Missing>(found));
        }
    }

    [[nodiscard]] std::size_t size() const { return live_.size(); }

private:
    struct Entry {
        session::Session value;
        session::Version version = 1;
        policy::Instant last_seen{};
    };

    struct Tombstone {
        Reason reason = Reason::None;
        policy::Instant keep_until{};
    };

    [[nodiscard]] bool is_gone(std::size_t key, policy::Instant now) const {
        const auto found = live_.find(key);
        if (found == live_.end()) return true;
        const auto& [value, version, last_seen] = found->second;
        return session::expiry_of(value, last_seen, {}, now) != Reason::None;
    }

    [[nodiscard]] std::size_t strangers() const {
        return static_cast<std::size_t>(
            std::count_if(live_.begin(), live_.end(),
                          [](const auto& each) { return !each.second.value.authentication; }));
    }

    std::map<std::size_t, Entry> live_;
    std::map<std::size_t, Tombstone> ended_;
};

// Drives store and model through the same steps.
class Pair {
public:
    void step() {
        now_ += std::chrono::minutes(*rc::gen::element(0, 1, 2, 3, 10, 300));
        const auto key = *rc::gen::inRange<std::size_t>(0, kKeys);
        switch (*rc::gen::inRange(0, 5)) {
            case 0:
                return create(key);
            case 1:
                return replace(key);
            case 2:
                return end(key);
            case 3:
                return sweep();
            default:
                return touch(key);
        }
    }

    void check() {
        for (std::size_t key = 0; key < kKeys; ++key) {
            model_.check(run(store_.load(keys_[key])).value(), key);
        }
        RC_ASSERT(store_.size() == model_.size());
    }

private:
    session::Session any_session() {
        auto value = *rc::gen::arbitrary<bool>() ? user() : stranger();
        value.created = now_;
        if (value.authentication) value.authentication->at = now_;
        return value;
    }
    session::Version any_version() { return *rc::gen::inRange<session::Version>(1, 4); }

    void create(std::size_t key) {
        const auto value = any_session();
        const auto created = run(store_.create(keys_[key], record(value, now_), now_));
        RC_ASSERT((created ? Reason::None : created.error().reason) ==
                  model_.create(key, value, now_));
    }
    void replace(std::size_t key) {
        const auto value = any_session();
        const auto version = any_version();
        RC_ASSERT(run(store_.replace(keys_[key], version, record(value, now_), now_)).value() ==
                  model_.replace(key, version, value, now_));
    }
    void end(std::size_t key) {
        RC_ASSERT(run(store_.end(keys_[key], Reason::LoggedOut, now_ + 24h)).value() ==
                  model_.end(key, Reason::LoggedOut, now_ + 24h));
    }
    void sweep() {
        std::size_t dropped = 0;
        for (int i = 0; i < kSweepsOfAllShards; ++i) dropped += store_.sweep(now_).size();
        RC_ASSERT(dropped == model_.sweep(now_));
    }
    void touch(std::size_t key) {
        run(store_.touch(keys_[key], now_));
        model_.touch(key, now_);
    }

    policy::Instant now_ = kStart;
    std::vector<session::Locator> keys_{new_key(), new_key(), new_key(), new_key()};
    session::MemoryStore store_{{kMostSessions, kMostStrangers, 100'000}};
    Model model_;
};

TEST(MemoryStoreModel, HoldsWhatTheModelHolds) {
    EXPECT_TRUE(rc::check([] {
        Pair pair;
        const auto steps = *rc::gen::inRange(1, 40);
        for (int i = 0; i < steps; ++i) {
            pair.step();
            pair.check();
        }
    }));
}

}  // namespace
