#include "session/journal.h"

namespace session {

void Journal::note(const SessionKey& key, policy::Reason reason, policy::Instant now) {
    const std::scoped_lock lock(mutex_);
    if (keys_.insert(key).second) entries_.push_back({key, reason, now});
    forget(now);
}

std::vector<Journal::Entry> Journal::entries(policy::Instant now) {
    const std::scoped_lock lock(mutex_);
    forget(now);
    return {entries_.begin(), entries_.end()};
}

void Journal::forget(policy::Instant now) {
    while (!entries_.empty() && (entries_.size() > most_ || entries_.front().at + kept_ <= now)) {
        keys_.erase(entries_.front().key);
        entries_.pop_front();
    }
}

}  // namespace session
