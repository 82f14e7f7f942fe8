// How many sessions a user may have at a time (REV-006).

#include <algorithm>
#include <utility>

#include "session/findings.h"
#include "session/manager.h"

namespace session {

namespace {

using policy::Reason;
using WhenExceeded = UserLimit::WhenExceeded;

std::string_view word(WhenExceeded reaction) {
    switch (reaction) {
        case WhenExceeded::Refuse:
            return "refuse";
        case WhenExceeded::EndOldest:
            return "end_oldest";
        case WhenExceeded::Allow:
            break;
    }
    return "allow";
}

// Earliest login first; everybody who looks sees the same order.
bool goes_before(const UserSession& left, const UserSession& right) {
    if (left.authenticated_at != right.authenticated_at)
        return left.authenticated_at < right.authenticated_at;
    return left.key < right.key;
}

}  // namespace

// Looked at when the login is stored already: of two at the same moment each sees the other.
Task<policy::Result<Committed>> Manager::keep_user_limit(const SessionKey& key,
                                                         const Occasion& occasion,
                                                         Committed committed) {
    const auto& [most, reaction] = settings_.user_limit;
    const auto& authentication = committed.session->authentication;
    if (most == 0 || !authentication) co_return committed;
    auto sessions = co_await store_.sessions_of(authentication->user);
    if (!sessions) co_return tl::unexpected(sessions.error());
    if (sessions->size() <= most) co_return committed;

    std::sort(sessions->begin(), sessions->end(), goes_before);
    const auto excess = sessions->size() - most;
    if (reaction == WhenExceeded::Refuse) {
        const auto own = std::find_if(sessions->begin(), sessions->end(),
                                      [&](const auto& each) { return each.key == key; });
        // Those before it are as many as may be.
        if (own - sessions->begin() < static_cast<std::ptrdiff_t>(most)) co_return committed;
        const auto until = tombstone_end(*committed.session, occasion.visit.now);
        const auto ended = co_await store_.end(key, Reason::TooManySessions, until);
        if (!ended) co_return tl::unexpected(ended.error());
        co_return policy::fail(Reason::TooManySessions);
    }
    committed.findings.push_back(
        too_many_sessions(authentication->user, sessions->size(), word(reaction)));
    if (reaction == WhenExceeded::Allow) co_return committed;
    for (std::size_t i = 0; i < excess; ++i) {
        const auto& oldest = (*sessions)[i].key;
        if (oldest == key) continue;
        const auto until = tombstone_end(*committed.session, occasion.visit.now);
        const auto ended = co_await store_.end(oldest, Reason::TooManySessions, until);
        if (!ended) co_return tl::unexpected(ended.error());
        if (*ended == Write::Done)
            committed.findings.push_back(end_finding(Reason::TooManySessions, oldest.handle()));
    }
    co_return committed;
}

}  // namespace session
