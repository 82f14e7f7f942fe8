#include "session/lifecycle.h"

#include <algorithm>

namespace session {

namespace {

// Why the session is over, or None when nothing in `events` ends it.
policy::Reason ending(std::span<const policy::SessionEvent> events) {
    for (const auto& event : events) {
        if (std::holds_alternative<policy::LoggedOut>(event)) return policy::Reason::LoggedOut;
        if (const auto* revoked = std::get_if<policy::Revoked>(&event)) return revoked->reason;
    }
    return policy::Reason::None;
}

// The last login counts: it is what the backend believes now.
const policy::LoggedIn* last_login(std::span<const policy::SessionEvent> events) {
    const policy::LoggedIn* last = nullptr;
    for (const auto& event : events) {
        if (const auto* login = std::get_if<policy::LoggedIn>(&event)) last = login;
    }
    return last;
}

std::size_t keep_cookies(const policy::CookiesSet& set, const VaultLimits& limits,
                         policy::Instant now, Vault& vault) {
    return static_cast<std::size_t>(
        std::count_if(set.lines.begin(), set.lines.end(), [&](const std::string& line) {
            return !vault.apply(line, {set.backend, set.host, set.path}, now, limits);
        }));
}

}  // namespace

const Lifetime& lifetime_of(const Session& session, const Limits& limits) {
    return session.authentication ? limits.user : limits.stranger;
}

policy::Instant absolute_end(const Session& session, const Limits& limits) {
    const auto begin = session.authentication ? session.authentication->at : session.created;
    return begin + lifetime_of(session, limits).absolute;
}

policy::Reason expiry_of(const Session& session, policy::Instant last_seen, const Limits& limits,
                         policy::Instant now) {
    const auto idle_end = last_seen + lifetime_of(session, limits).idle;
    const auto last_end = absolute_end(session, limits);
    if (now < idle_end && now < last_end) return policy::Reason::None;
    return idle_end < last_end ? policy::Reason::IdleTimeout : policy::Reason::AbsoluteTimeout;
}

Change reduce(const Session& session, std::span<const policy::SessionEvent> events,
              const VaultLimits& limits, policy::Instant now) {
    if (const auto reason = ending(events); reason != policy::Reason::None) {
        return {Change::Kind::End, reason, session, 0};
    }

    Change change{Change::Kind::Update, policy::Reason::None, session, 0};
    Session& next = change.next;
    if (const auto* login = last_login(events)) {
        change.kind = Change::Kind::Rotate;
        next.authentication = Authentication{login->user, login->login, now};
        next.generation += 1;
        next.vault.clear();
    }
    for (const auto& event : events) {
        if (const auto* set = std::get_if<policy::CookiesSet>(&event)) {
            change.overflowed += keep_cookies(*set, limits, now, next.vault);
        }
        if (const auto* moved = std::get_if<policy::ClientMoved>(&event)) {
            next.environment.last = moved->address;
        }
    }
    if (next == session) change.kind = Change::Kind::Nothing;
    return change;
}

}  // namespace session
