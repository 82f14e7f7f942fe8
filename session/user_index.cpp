#include "session/user_index.h"

#include <functional>

namespace session {

std::size_t UserIndex::digest_of(const policy::UserName& user) {
    return std::hash<std::string>{}(user.text());
}

void UserIndex::add(const policy::UserName& user, const SessionKey& key) {
    const auto digest = digest_of(user);
    Shard& shard = shards_[digest % kShards];
    const std::scoped_lock lock(shard.mutex);
    shard.keys.emplace(digest, key);
}

void UserIndex::remove(const policy::UserName& user, const SessionKey& key) {
    const auto digest = digest_of(user);
    Shard& shard = shards_[digest % kShards];
    const std::scoped_lock lock(shard.mutex);
    const auto [begin, end] = shard.keys.equal_range(digest);
    for (auto each = begin; each != end; ++each) {
        if (each->second != key) continue;
        shard.keys.erase(each);
        return;
    }
}

std::vector<SessionKey> UserIndex::find(const policy::UserName& user) const {
    const auto digest = digest_of(user);
    const Shard& shard = shards_[digest % kShards];
    const std::scoped_lock lock(shard.mutex);
    std::vector<SessionKey> keys;
    const auto [begin, end] = shard.keys.equal_range(digest);
    for (auto each = begin; each != end; ++each) keys.push_back(each->second);
    return keys;
}

}  // namespace session
