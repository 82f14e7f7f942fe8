// MemoryStore as an administrator sees it.

#include <algorithm>
#include <utility>

#include "session/memory_store.h"
#include "session/selection.h"

namespace session {

// Those that may be meant: whoever takes them looks again.
std::vector<SessionKey> MemoryStore::keys_of(const Selection& selection) {
    if (selection.handle) {
        const auto key = SessionKey::parse(*selection.handle);
        return key ? std::vector<SessionKey>{*key} : std::vector<SessionKey>{};
    }
    if (selection.user) return users_.find(*selection.user);
    std::vector<SessionKey> keys;
    visit(shards_, [&](const SessionKey& key, const Live& live) {
        if (is_meant(selection, key, *live.session)) keys.push_back(key);
    });
    // A bucket that moved while nobody held the lock may have been visited twice.
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

Task<policy::Result<std::vector<Summary>>> MemoryStore::list(Selection selection,
                                                             std::size_t most) {
    auto found = co_await revoke(std::move(selection), Mode::Rehearsal, most);
    if (!found) co_return tl::unexpected(found.error());
    co_return std::move(found->first);
}

Task<policy::Result<Revoked>> MemoryStore::revoke(Selection selection, Mode mode,
                                                  std::size_t most) {
    Revoked revoked;
    for (const auto& key : keys_of(selection)) {
        std::optional<Record> before;
        {
            Shard& shard = shard_of(key);
            const std::scoped_lock lock(shard.mutex);
            if (const auto* found = shard.live.find(key)) before = found->record();
        }
        if (!before || !is_meant(selection, key, *before->session)) continue;
        if (mode == Mode::ForReal) {
            const auto ended = co_await end(key, policy::Reason::Revoked, before->expires);
            if (!ended) co_return tl::unexpected(ended.error());
            if (*ended != Write::Done) continue;
        }
        revoked.sessions += 1;
        if (revoked.first.size() < most) revoked.first.push_back(summary_of(key, *before));
    }
    co_return revoked;
}

}  // namespace session
