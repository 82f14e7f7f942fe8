#pragma once

// Journal: which sessions have ended lately, whoever ended them. A server that was replaced by
// another one, or came back from a copy of its disk, may have forgotten: it is told again before it
// is believed. Callable from any thread.

#include <deque>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "policy/base/reason.h"
#include "policy/base/time.h"
#include "session/id.h"

namespace session {

class Journal {
public:
    struct Entry {
        SessionKey key;
        policy::Reason reason = policy::Reason::Revoked;
        policy::Instant at{};
    };

    // The oldest are forgotten after `kept`, and when there are more than `most`.
    Journal(policy::Duration kept, std::size_t most) : kept_(kept), most_(most) {}

    // Of a session that is noted already nothing changes.
    void note(const SessionKey& key, policy::Reason reason, policy::Instant now);
    [[nodiscard]] std::vector<Entry> entries(policy::Instant now);

private:
    void forget(policy::Instant now);

    const policy::Duration kept_;
    const std::size_t most_;
    std::mutex mutex_;  // Guards what follows.
    std::deque<Entry> entries_;
    std::unordered_set<SessionKey> keys_;  // Of the entries.
};

}  // namespace session
