#pragma once

// The embedded store: sharded, bounded, swept. When it is full it refuses new sessions rather
// than evicting live ones; strangers can fill only a share of it, so that users can still log in.

#include <array>
#include <atomic>
#include <cstddef>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "policy/finding.h"
#include "session/store.h"

namespace session {

struct MemoryLimits {
    std::size_t sessions = 100'000;
    std::size_t strangers = 90'000;    // Of these, without a user.
    std::size_t tombstones = 100'000;  // The oldest are forgotten first: an id without tombstone
                                       // is unknown, which is refused just the same.
};

class MemoryStore final : public Store {
public:
    explicit MemoryStore(MemoryLimits limits);

    Task<policy::Result<Lookup>> load(SessionKey key) override;
    Task<policy::Result<void>> create(SessionKey key, Record record, policy::Instant now) override;
    Task<policy::Result<Write>> replace(SessionKey key, Version expected, Record record,
                                        policy::Instant now) override;
    Task<policy::Result<Write>> rotate(SessionKey key, Version expected, SessionKey fresh,
                                       Record record, policy::Instant now) override;
    Task<policy::Result<Write>> end(SessionKey key, policy::Reason reason,
                                    policy::Instant keep_until) override;
    Task<void> touch(SessionKey key, policy::Instant now) override;

    // Drops what has expired, a few shards per call. Returns a session_expired for each session
    // that ended by that.
    policy::Findings sweep(policy::Instant now);

    [[nodiscard]] std::size_t size() const;  // Live sessions.

private:
    static constexpr std::size_t kShards = 64;

    struct Live {
        Record record;
        Version version = 1;
        policy::Instant last_seen{};

        [[nodiscard]] policy::Instant end() const;
    };

    struct Tombstone {
        Ended ended;
        policy::Instant keep_until{};
    };

    // A key is in one of the two maps or in none, and never goes back from ended to live.
    struct Shard {
        mutable std::mutex mutex;
        std::unordered_map<SessionKey, Live> live;
        std::unordered_map<SessionKey, Tombstone> ended;
        std::deque<SessionKey> ended_order;  // Oldest first; holds exactly the keys of `ended`.

        [[nodiscard]] bool knows(const SessionKey& key) const;
        void bury(const SessionKey& key, Tombstone tombstone, std::size_t most);
        void forget_tombstones(policy::Instant now);
    };

    class PairLock;

    [[nodiscard]] Shard& shard_of(const SessionKey& key);
    [[nodiscard]] bool reserve(const Session& session);
    void count_change(const Session& before, const Session& after);
    void uncount(const Session& session);
    void sweep(Shard& shard, policy::Instant now, policy::Findings& ended);

    MemoryLimits limits_;
    std::size_t tombstones_per_shard_;
    std::array<Shard, kShards> shards_;
    std::atomic<std::size_t> sessions_{0};
    std::atomic<std::size_t> strangers_{0};
    std::atomic<std::size_t> next_swept_{0};
};

}  // namespace session
