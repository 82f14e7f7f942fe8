#pragma once

// Which sessions a user has: for the limit of sessions per user, and for revoking them. Holds a
// digest of the name, so a key that is found may be another user's: look at the session.

#include <array>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "policy/base/strong.h"
#include "session/id.h"

namespace session {

// Locks; only logins and ends come here.
class UserIndex {
public:
    void add(const policy::UserName& user, const SessionKey& key);
    void remove(const policy::UserName& user, const SessionKey& key);
    [[nodiscard]] std::vector<SessionKey> find(const policy::UserName& user) const;

private:
    static constexpr std::size_t kShards = 64;

    struct Shard {
        mutable std::mutex mutex;
        std::unordered_multimap<std::size_t, SessionKey> keys;
    };

    [[nodiscard]] static std::size_t digest_of(const policy::UserName& user);

    std::array<Shard, kShards> shards_;
};

}  // namespace session
