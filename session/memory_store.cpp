#include "session/memory_store.h"

#include <algorithm>
#include <vector>

#include "session/findings.h"

namespace session {

namespace {

constexpr std::size_t kShardsPerSweep = 8;

// Adds one unless that would exceed `most`.
bool take_place(std::atomic<std::size_t>& count, std::size_t most) {
    auto taken = count.load(std::memory_order_relaxed);
    while (taken < most) {
        if (count.compare_exchange_weak(taken, taken + 1, std::memory_order_relaxed)) return true;
    }
    return false;
}

bool is_stranger(const Session& session) {
    return !session.authentication;
}

}  // namespace

policy::Instant MemoryStore::Live::end() const {
    return std::min(record.expires, last_seen + record.idle);
}

bool MemoryStore::Shard::knows(const SessionKey& key) const {
    return live.contains(key) || ended.contains(key);
}

void MemoryStore::Shard::bury(const SessionKey& key, Tombstone tombstone, std::size_t most) {
    live.erase(key);
    if (most == 0) return;
    if (ended.size() >= most) {
        ended.erase(ended_order.front());
        ended_order.pop_front();
    }
    ended.emplace(key, std::move(tombstone));
    ended_order.push_back(key);
}

void MemoryStore::Shard::forget_tombstones(policy::Instant now) {
    std::erase_if(ended, [&](const auto& each) { return each.second.keep_until <= now; });
    std::erase_if(ended_order, [&](const SessionKey& key) { return !ended.contains(key); });
}

// Holds the locks of two shards, which may be one. Always taken in the order of their addresses,
// so that two rotations in opposite directions cannot wait for each other.
class MemoryStore::PairLock {
public:
    PairLock(Shard& one, Shard& other)
        : first_(std::min(&one, &other)->mutex),
          second_(std::max(&one, &other)->mutex, std::defer_lock) {
        if (&one != &other) second_.lock();
    }

private:
    std::unique_lock<std::mutex> first_;
    std::unique_lock<std::mutex> second_;
};

MemoryStore::MemoryStore(MemoryLimits limits)
    : limits_(limits), tombstones_per_shard_((limits.tombstones + kShards - 1) / kShards) {}

MemoryStore::Shard& MemoryStore::shard_of(const SessionKey& key) {
    // Not the bytes that std::hash takes: within a shard those would all be alike.
    return shards_[key.bytes().back() % kShards];
}

bool MemoryStore::reserve(const Session& session) {
    if (is_stranger(session) && !take_place(strangers_, limits_.strangers)) return false;
    if (take_place(sessions_, limits_.sessions)) return true;
    if (is_stranger(session)) strangers_.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

void MemoryStore::count_change(const Session& before, const Session& after) {
    if (is_stranger(before) == is_stranger(after)) return;
    if (is_stranger(before)) {
        strangers_.fetch_sub(1, std::memory_order_relaxed);
    } else {
        strangers_.fetch_add(1, std::memory_order_relaxed);
    }
}

void MemoryStore::uncount(const Session& session) {
    sessions_.fetch_sub(1, std::memory_order_relaxed);
    if (is_stranger(session)) strangers_.fetch_sub(1, std::memory_order_relaxed);
}

Task<policy::Result<Lookup>> MemoryStore::load(SessionKey key) {
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    if (const auto live = shard.live.find(key); live != shard.live.end()) {
        const auto& found = live->second;
        co_return Lookup(Stored{found.record.session, found.version, found.last_seen});
    }
    if (const auto ended = shard.ended.find(key); ended != shard.ended.end()) {
        co_return Lookup(ended->second.ended);
    }
    co_return Lookup(Missing{});
}

Task<policy::Result<void>> MemoryStore::create(SessionKey key, Record record, policy::Instant now) {
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    if (shard.knows(key)) {
        co_return policy::fail(policy::Reason::StoreConflict, "memory store: key was used before");
    }
    if (!reserve(*record.session)) {
        co_return policy::fail(policy::Reason::StoreFull, "memory store: no room for a session");
    }
    shard.live.emplace(key, Live{std::move(record), 1, now});
    co_return policy::ok();
}

Task<policy::Result<Write>> MemoryStore::replace(SessionKey key, Version expected, Record record,
                                                 policy::Instant now) {
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    const auto found = shard.live.find(key);
    if (found == shard.live.end() || found->second.end() <= now) co_return Write::Gone;
    Live& live = found->second;
    if (live.version != expected) co_return Write::Conflict;

    count_change(*live.record.session, *record.session);
    live = {std::move(record), expected + 1, std::max(live.last_seen, now)};
    co_return Write::Done;
}

Task<policy::Result<Write>> MemoryStore::rotate(SessionKey key, Version expected, SessionKey fresh,
                                                Record record, policy::Instant now) {
    Shard& from = shard_of(key);
    Shard& to = shard_of(fresh);
    const PairLock lock(from, to);
    const auto found = from.live.find(key);
    if (found == from.live.end() || found->second.end() <= now) co_return Write::Gone;
    if (found->second.version != expected || to.knows(fresh)) co_return Write::Conflict;

    const auto before = found->second.record.session;
    count_change(*before, *record.session);
    from.bury(key, {{policy::Reason::Superseded, before->handle, now, fresh}, record.expires},
              tombstones_per_shard_);
    to.live.emplace(fresh, Live{std::move(record), expected + 1, now});
    co_return Write::Done;
}

Task<policy::Result<Write>> MemoryStore::end(SessionKey key, policy::Reason reason,
                                             policy::Instant keep_until) {
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    const auto found = shard.live.find(key);
    if (found == shard.live.end()) co_return Write::Gone;

    const auto session = found->second.record.session;
    uncount(*session);
    shard.bury(key, {{reason, session->handle, {}, {}}, keep_until}, tombstones_per_shard_);
    co_return Write::Done;
}

Task<void> MemoryStore::touch(SessionKey key, policy::Instant now) {
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    const auto found = shard.live.find(key);
    if (found == shard.live.end() || found->second.end() <= now) co_return;
    found->second.last_seen = std::max(found->second.last_seen, now);
}

policy::Findings MemoryStore::sweep(policy::Instant now) {
    const auto first = next_swept_.fetch_add(kShardsPerSweep, std::memory_order_relaxed);
    policy::Findings ended;
    for (std::size_t i = 0; i < kShardsPerSweep; ++i) {
        sweep(shards_[(first + i) % kShards], now, ended);
    }
    return ended;
}

void MemoryStore::sweep(Shard& shard, policy::Instant now, policy::Findings& ended) {
    const std::scoped_lock lock(shard.mutex);
    std::vector<SessionKey> over;
    for (const auto& [key, live] : shard.live) {
        if (live.end() <= now) over.push_back(key);
    }
    for (const auto& key : over) {
        const Live& live = shard.live.at(key);
        const auto& handle = live.record.session->handle;
        uncount(*live.record.session);
        const bool was_idle = live.end() < live.record.expires;
        const auto reason =
            was_idle ? policy::Reason::IdleTimeout : policy::Reason::AbsoluteTimeout;
        ended.push_back(finding_of(policy::Event::SessionExpired, reason, handle));
        // A cookie that comes just after its session was swept is late, not unknown.
        const auto keep_until = std::max(live.record.expires, now + live.record.idle);
        shard.bury(key, {{reason, handle, {}, {}}, keep_until}, tombstones_per_shard_);
    }
    shard.forget_tombstones(now);
}

std::size_t MemoryStore::size() const {
    return sessions_.load(std::memory_order_relaxed);
}

}  // namespace session
