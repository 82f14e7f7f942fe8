#pragma once

// RecentSessions: what this process has seen of sessions that are kept elsewhere, bounded, the most
// recent ones. An outage may be bridged with it, and the backend of a session that ended elsewhere
// be told. Callable from any thread.

#include <array>
#include <memory>
#include <mutex>
#include <optional>

#include "session/recency_map.h"
#include "session/store.h"

namespace session {

class RecentSessions {
public:
    explicit RecentSessions(std::size_t most);

    struct Seen {
        Stored stored;
        policy::Instant at{};  // When the store said so.
        std::optional<FamilyId> family;
        std::string seal;  // How its sealed record begins, as no other does.
    };
    void note(const SessionKey& key, Seen seen);
    [[nodiscard]] std::optional<Seen> find(const SessionKey& key);

    // Forgets it, and returns what was known.
    std::shared_ptr<const Session> take(const SessionKey& key);

private:
    static constexpr std::size_t kShards = 16;
    struct Shard {
        explicit Shard(std::size_t most) : sessions(most) {}
        std::mutex mutex;
        RecencyMap<Seen, SessionKey> sessions;
    };
    [[nodiscard]] Shard& shard_of(const SessionKey& key);

    std::array<std::unique_ptr<Shard>, kShards> shards_;
};

}  // namespace session
