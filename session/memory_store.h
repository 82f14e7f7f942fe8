#pragma once

// The embedded store: sharded, bounded, swept. When it is full it refuses new sessions rather
// than evicting live ones; strangers can fill only a share of it, and one network only a share of
// that, so that users can still log in.

#include <array>
#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <unordered_map>

#include "policy/finding.h"
#include "session/directory.h"
#include "session/key_map.h"
#include "session/network_quota.h"
#include "session/store.h"
#include "session/user_index.h"

namespace session {

struct MemoryLimits {
    std::size_t sessions = 100'000;
    std::size_t strangers = 90'000;    // Of these, without a user.
    std::size_t tombstones = 100'000;  // The oldest are forgotten first: an id without tombstone
                                       // is unknown, which is refused just the same.
    std::size_t strangers_per_network = 2000;
    policy::PrefixLengths network = {};  // What a network is.
};

class MemoryStore final : public Store, public Directory {
public:
    // `listener`, if any, outlives this.
    explicit MemoryStore(MemoryLimits limits, EndListener* listener = nullptr);

    Task<policy::Result<Lookup>> load(Locator at) override;
    Task<policy::Result<void>> create(Locator at, Record record, policy::Instant now) override;
    Task<policy::Result<Write>> replace(Locator at, Version expected, Record record,
                                        policy::Instant now) override;
    Task<policy::Result<Write>> end(SessionKey key, policy::Reason reason,
                                    policy::Instant keep_until) override;
    Task<void> touch(SessionKey key, policy::Instant now) override;
    Task<policy::Result<std::vector<UserSession>>> sessions_of(policy::UserName user) override;

    Task<policy::Result<std::vector<Summary>>> list(Selection selection, std::size_t most) override;
    Task<policy::Result<Revoked>> revoke(Selection selection, Mode mode, std::size_t most) override;

    // Drops what has expired, a part of the store per call, a few slots per lock: nobody waits
    // long for it. Returns a session_expired for each session that ended by that.
    policy::Findings sweep(policy::Instant now);

    [[nodiscard]] std::size_t size() const;  // Live sessions.

private:
    static constexpr std::size_t kShards = 256;

    // A record, packed: there may be a million of them.
    struct Live {
        Live(Record record, Version version);

        std::shared_ptr<const Session> session;
        policy::Instant expires{};
        policy::Instant last_seen{};
        std::uint32_t idle = 0;  // Milliseconds; a month fits.
        std::uint32_t version = 1;

        [[nodiscard]] Record record() const;
        [[nodiscard]] policy::Instant end() const;
        [[nodiscard]] policy::Reason expired_by() const;
    };

    struct Tombstone {
        policy::Reason reason;
        policy::Instant keep_until{};
    };

    // A key is in one of the two maps or in none, and never goes back from ended to live.
    struct Shard {
        mutable std::mutex mutex;
        KeyMap<Live> live;
        std::unordered_map<SessionKey, Tombstone> ended;
        std::deque<SessionKey> ended_order;  // Oldest first; holds exactly the keys of `ended`.

        [[nodiscard]] bool knows(const SessionKey& key) const;
        void bury(const SessionKey& key, Tombstone tombstone, std::size_t most);
        void forget_tombstones(policy::Instant now);
    };

    using Snapshot = std::shared_ptr<const Session>;

    // The session that this ended, or null.
    [[nodiscard]] Snapshot take_out(const SessionKey& key, policy::Reason reason,
                                    policy::Instant keep_until);
    [[nodiscard]] Snapshot take_out_expired(const SessionKey& key, policy::Instant now,
                                            policy::Reason& reason);

    [[nodiscard]] Shard& shard_of(const SessionKey& key);
    [[nodiscard]] policy::Result<void> reserve(const SessionKey& key, const Session& session);
    void count_change(const SessionKey& key, const Session& before, const Session& after);
    void uncount(const SessionKey& key, const Session& session);

    // Calls `take` with each session that lives all the while, some of them twice, while its shard
    // is locked: a few slots of one shard, then a few of the next, so that whoever waits for a
    // shard gets it in between.
    using Take = std::function<void(const SessionKey&, const Live&)>;
    struct Cursor;
    static void visit(std::span<const Shard> shards, const Take& take);
    [[nodiscard]] static bool visit_some(const Shard& shard, Cursor& cursor, const Take& take);
    [[nodiscard]] std::vector<SessionKey> keys_of(const Selection& selection);

    MemoryLimits limits_;
    EndListener* listener_;
    std::size_t tombstones_per_shard_;
    std::array<Shard, kShards> shards_;
    UserIndex users_;
    NetworkQuota networks_;
    std::atomic<std::size_t> sessions_{0};
    std::atomic<std::size_t> strangers_{0};
    std::atomic<std::size_t> next_swept_{0};
};

}  // namespace session
