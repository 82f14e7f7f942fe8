#include "session/memory_store.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "session/findings.h"

namespace session {

namespace {

using policy::Reason;

constexpr std::size_t kShardsPerSweep = 32;
constexpr std::size_t kSlotsPerLock = 256;

// Adds one unless that would exceed `most`.
bool take_place(std::atomic<std::size_t>& count, std::size_t most) {
    auto taken = count.load(std::memory_order_relaxed);
    while (taken < most) {
        if (count.compare_exchange_weak(taken, taken + 1, std::memory_order_relaxed)) return true;
    }
    return false;
}

void leave_place(std::atomic<std::size_t>& count) {
    count.fetch_sub(1, std::memory_order_relaxed);
}

bool is_stranger(const Session& session) {
    return !session.authentication;
}

const policy::IpAddress& home_of(const Session& session) {
    return session.environment.bound.address;
}

}  // namespace

MemoryStore::Live::Live(Record record, Version number)
    : session(std::move(record.session)),
      expires(record.expires),
      last_seen(record.last_seen),
      idle(static_cast<std::uint32_t>(record.idle.count())),
      version(static_cast<std::uint32_t>(number)) {}

Record MemoryStore::Live::record() const {
    return {session, expires, policy::Duration(idle), last_seen};
}

policy::Instant MemoryStore::Live::end() const {
    return std::min(expires, last_seen + policy::Duration(idle));
}

Reason MemoryStore::Live::expired_by() const {
    return end() < expires ? Reason::IdleTimeout : Reason::AbsoluteTimeout;
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
    ended.emplace(key, tombstone);
    ended_order.push_back(key);
}

void MemoryStore::Shard::forget_tombstones(policy::Instant now) {
    const auto forgotten =
        std::erase_if(ended, [&](const auto& each) { return each.second.keep_until <= now; });
    if (forgotten == 0) return;
    std::erase_if(ended_order, [&](const SessionKey& key) { return !ended.contains(key); });
}

MemoryStore::MemoryStore(MemoryLimits limits, EndListener* listener)
    : limits_(limits),
      listener_(listener),
      tombstones_per_shard_((limits.tombstones + kShards - 1) / kShards),
      networks_(limits.strangers_per_network, limits.network) {}

MemoryStore::Shard& MemoryStore::shard_of(const SessionKey& key) {
    // Not the bytes that std::hash takes: within a shard those would all be alike.
    return shards_[key.bytes().back() % kShards];
}

policy::Result<void> MemoryStore::reserve(const SessionKey& key, const Session& session) {
    const bool stranger = is_stranger(session);
    if (stranger && !networks_.take(home_of(session)))
        return policy::fail(Reason::TooManyStrangers, "memory store: network has its share");
    const bool has_share = !stranger || take_place(strangers_, limits_.strangers);
    const bool has_place = has_share && take_place(sessions_, limits_.sessions);
    if (has_place) {
        if (session.authentication) users_.add(session.authentication->user, key);
        return policy::ok();
    }
    if (stranger && has_share) leave_place(strangers_);
    if (stranger) networks_.give_back(home_of(session));
    return policy::fail(Reason::StoreFull, "memory store: no room for a session");
}

void MemoryStore::count_change(const SessionKey& key, const Session& before, const Session& after) {
    if (is_stranger(before)) networks_.give_back(home_of(before));
    if (is_stranger(after)) networks_.take_anyway(home_of(after));
    if (is_stranger(before) && !is_stranger(after)) leave_place(strangers_);
    if (!is_stranger(before) && is_stranger(after))
        strangers_.fetch_add(1, std::memory_order_relaxed);
    const bool same_user = before.authentication && after.authentication &&
                           before.authentication->user == after.authentication->user;
    if (same_user) return;
    if (before.authentication) users_.remove(before.authentication->user, key);
    if (after.authentication) users_.add(after.authentication->user, key);
}

void MemoryStore::uncount(const SessionKey& key, const Session& session) {
    leave_place(sessions_);
    if (!is_stranger(session)) return users_.remove(session.authentication->user, key);
    leave_place(strangers_);
    networks_.give_back(home_of(session));
}

Task<policy::Result<Lookup>> MemoryStore::load(Locator at) {
    const SessionKey& key = at.key;
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    if (const auto* live = shard.live.find(key))
        co_return Lookup(Stored{live->session, live->version, live->last_seen});
    if (const auto ended = shard.ended.find(key); ended != shard.ended.end()) {
        co_return Lookup(Ended{ended->second.reason});
    }
    co_return Lookup(Missing{});
}

Task<policy::Result<void>> MemoryStore::create(Locator at, Record record, policy::Instant) {
    const SessionKey& key = at.key;
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    if (shard.knows(key)) {
        co_return policy::fail(Reason::StoreConflict, "memory store: key was used before");
    }
    const auto reserved = reserve(key, *record.session);
    if (reserved) shard.live.insert(key, Live(std::move(record), 1));
    co_return reserved;
}

Task<policy::Result<Write>> MemoryStore::replace(Locator at, Version expected, Record record,
                                                 policy::Instant now) {
    const SessionKey& key = at.key;
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    auto* found = shard.live.find(key);
    if (!found || found->end() <= now) co_return Write::Gone;
    Live& live = *found;
    if (live.version != expected) co_return Write::Conflict;

    count_change(key, *live.session, *record.session);
    record.last_seen = std::max(live.last_seen, record.last_seen);
    live = Live(std::move(record), expected + 1);
    co_return Write::Done;
}

MemoryStore::Snapshot MemoryStore::take_out(const SessionKey& key, Reason reason,
                                            policy::Instant keep_until) {
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    const auto* found = shard.live.find(key);
    if (!found) return nullptr;

    auto session = found->session;
    uncount(key, *session);
    shard.bury(key, {reason, keep_until}, tombstones_per_shard_);
    return session;
}

Task<policy::Result<Write>> MemoryStore::end(SessionKey key, Reason reason,
                                             policy::Instant keep_until) {
    const auto session = take_out(key, reason, keep_until);
    if (!session) co_return Write::Gone;
    if (listener_) listener_->ended(key, session.get(), reason);
    co_return Write::Done;
}

Task<void> MemoryStore::touch(SessionKey key, policy::Instant now) {
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    auto* found = shard.live.find(key);
    if (!found || found->end() <= now) co_return;
    auto& last_seen = found->last_seen;
    last_seen = std::max(last_seen, now);
}

Task<policy::Result<std::vector<UserSession>>> MemoryStore::sessions_of(policy::UserName user) {
    std::vector<UserSession> sessions;
    for (const auto& key : users_.find(user)) {
        Shard& shard = shard_of(key);
        const std::scoped_lock lock(shard.mutex);
        const auto* found = shard.live.find(key);
        if (!found) continue;
        const auto& authentication = found->session->authentication;
        if (authentication && authentication->user == user)
            sessions.push_back({key, authentication->at});
    }
    co_return sessions;
}

struct MemoryStore::Cursor {
    std::size_t next = 0;
    std::size_t slots = 0;
    bool is_done = false;
};

// False when that was the rest.
bool MemoryStore::visit_some(const Shard& shard, Cursor& cursor, const Take& take) {
    const std::scoped_lock lock(shard.mutex);
    const auto slots = shard.live.slots();
    // The table grew while nobody held the lock, and everything lies elsewhere now.
    if (std::exchange(cursor.slots, slots) != slots) cursor.next = 0;
    const auto last = std::min(slots, cursor.next + kSlotsPerLock);
    shard.live.visit(cursor.next, last, take);
    cursor.next = last;
    return last < slots;
}

void MemoryStore::visit(std::span<const Shard> shards, const Take& take) {
    std::vector<Cursor> cursors(shards.size());
    for (bool is_more = true; std::exchange(is_more, false);) {
        for (std::size_t i = 0; i < shards.size(); ++i) {
            if (cursors[i].is_done) continue;
            cursors[i].is_done = !visit_some(shards[i], cursors[i], take);
            is_more = is_more || !cursors[i].is_done;
        }
    }
}

policy::Findings MemoryStore::sweep(policy::Instant now) {
    const auto first = next_swept_.fetch_add(kShardsPerSweep, std::memory_order_relaxed) % kShards;
    const auto shards = std::span(shards_).subspan(first, kShardsPerSweep);
    std::vector<SessionKey> over;
    visit(shards, [&](const SessionKey& key, const Live& live) {
        if (live.end() <= now) over.push_back(key);
    });
    policy::Findings ended;
    for (const auto& key : over) {
        Reason reason{};
        const auto session = take_out_expired(key, now, reason);
        if (!session) continue;
        ended.push_back(finding_of(policy::Event::SessionExpired, reason, key.handle()));
        if (listener_) listener_->ended(key, session.get(), reason);
    }
    for (auto& shard : shards) {
        const std::scoped_lock lock(shard.mutex);
        shard.forget_tombstones(now);
    }
    return ended;
}

MemoryStore::Snapshot MemoryStore::take_out_expired(const SessionKey& key, policy::Instant now,
                                                    Reason& reason) {
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    const auto* found = shard.live.find(key);
    if (!found || found->end() > now) return nullptr;

    const Live& live = *found;
    auto session = live.session;
    reason = live.expired_by();
    // A cookie that comes just after its session was swept is late, not unknown.
    const auto keep_until = std::max(live.expires, now + policy::Duration(live.idle));
    uncount(key, *session);
    shard.bury(key, {reason, keep_until}, tombstones_per_shard_);
    return session;
}

std::size_t MemoryStore::size() const {
    return sessions_.load(std::memory_order_relaxed);
}

}  // namespace session
