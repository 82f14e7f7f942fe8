#include "session/recent_sessions.h"

#include <utility>

namespace session {

RecentSessions::RecentSessions(std::size_t most) {
    for (auto& shard : shards_) shard = std::make_unique<Shard>((most + kShards - 1) / kShards);
}

RecentSessions::Shard& RecentSessions::shard_of(const SessionKey& key) {
    return *shards_[key.bytes().back() % kShards];
}

void RecentSessions::note(const SessionKey& key, Seen seen) {
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    // Of two answers that overtake each other the newer one stays.
    auto& known = shard.sessions.use(key);
    if (known.stored.version <= seen.stored.version) known = std::move(seen);
}

std::optional<RecentSessions::Seen> RecentSessions::find(const SessionKey& key) {
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    const auto* known = shard.sessions.find(key);
    return known ? std::optional(*known) : std::nullopt;
}

std::shared_ptr<const Session> RecentSessions::take(const SessionKey& key) {
    Shard& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    auto* known = shard.sessions.find(key);
    if (!known) return nullptr;
    auto session = std::move(known->stored.session);
    shard.sessions.erase(key);
    return session;
}

}  // namespace session
