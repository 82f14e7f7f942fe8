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

std::size_t keep_cookies(const policy::CookiesSet& set, const VaultLimits& limits,
                         policy::Instant now, Vault& vault) {
    return static_cast<std::size_t>(
        std::count_if(set.lines.begin(), set.lines.end(), [&](const std::string& line) {
            return !vault.apply(line, {set.backend, set.host, set.path}, now, limits);
        }));
}

using Cause = Change::Cause;

void rotate(Change& change, Cause cause) {
    change.kind = Change::Kind::Rotate;
    change.cause = cause;
}

void let_in(Change& change, const policy::Identity& identity, policy::Instant now) {
    rotate(change, Cause::Login);
    change.next.authentication =
        Authentication{identity.user, SharedRights({identity.login, identity.groups}), now};
    change.next.pending.reset();
    change.next.needs_step_up = false;
}

void drop_cookies(Session& next, policy::OldCookies old) {
    if (old == policy::OldCookies::Kept) return;
    next.vault.clear();
    next.jar += 1;
}

// A stranger's limits count from here.
void put_out(Session& next, policy::Instant now) {
    if (!next.authentication) return;
    next.authentication.reset();
    next.needs_step_up = false;
    next.created = now;
}

void identify(Change& change, const policy::LoggedIn& login, policy::Instant now) {
    let_in(change, login.identity, now);
    drop_cookies(change.next, login.old_cookies);
}

void identify(Change& change, const policy::LoginPending& login, policy::Instant now) {
    rotate(change, Cause::Login);
    put_out(change.next, now);
    change.next.pending = login.login;
    drop_cookies(change.next, login.old_cookies);
}

void identify(Change& change, const policy::LoginConfirmed& login, policy::Instant now) {
    const auto& pending = change.next.pending;
    if (!pending || pending->identity != login.identity || now >= pending->until) return;
    let_in(change, login.identity, now);
}

// Who it was stays known: the backend may have let that user in although one page did not say so.
void identify(Change& change, const policy::LoginRefuted&, policy::Instant) {
    if (change.next.pending) change.next.pending->until = {};
}

void identify(Change& change, const policy::PrivilegeChanged& changed, policy::Instant) {
    auto& authentication = change.next.authentication;
    if (!authentication) return;
    rotate(change, Cause::PrivilegeChange);
    if (!changed.user || authentication->user == *changed.user) return;
    authentication->user = *changed.user;
    authentication->rights = SharedRights({authentication->rights->login, {}});  // The groups were
                                                                                 // the other's.
}

void identify(Change& change, const policy::Distrusted&, policy::Instant) {
    change.next.needs_step_up = change.next.authentication.has_value();
}

void identify(Change& change, const policy::Demoted&, policy::Instant now) {
    if (!change.next.authentication) return;
    rotate(change, Cause::Demotion);
    put_out(change.next, now);
    drop_cookies(change.next, policy::OldCookies::Dropped);
}

bool is_in(const Privileged& privileged, const Authentication& authentication) {
    const auto& groups = authentication.rights->groups;
    return std::find_first_of(groups.begin(), groups.end(), privileged.groups.begin(),
                              privileged.groups.end()) != groups.end();
}

template <class Other>
void identify(Change&, const Other&, policy::Instant) {}

}  // namespace

Lifetime lifetime_of(const Session& session, const Limits& limits) {
    if (!session.authentication) return limits.stranger;
    auto lifetime = limits.user;
    for (const auto& each : limits.privileged) {
        if (!is_in(each, *session.authentication)) continue;
        lifetime.idle = std::min(lifetime.idle, each.lifetime.idle);
        lifetime.absolute = std::min(lifetime.absolute, each.lifetime.absolute);
    }
    return lifetime;
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

std::chrono::seconds cookie_lifetime(const Session& session, const Limits& limits,
                                     policy::Instant now) {
    const auto left = std::min<policy::Duration>(absolute_end(session, limits) - now,
                                                 lifetime_of(session, limits).idle);
    return std::max(std::chrono::floor<std::chrono::seconds>(left), std::chrono::seconds(1));
}

Change reduce(const Session& session, std::span<const policy::SessionEvent> events,
              const VaultLimits& limits, policy::Instant now) {
    if (const auto reason = ending(events); reason != policy::Reason::None) {
        return {Change::Kind::End, reason, session, 0};
    }

    Change change{Change::Kind::Update, policy::Reason::None, session, 0};
    // First who it is: that decides which jar the cookies of the same answer go into.
    for (const auto& event : events) {
        std::visit([&](const auto& each) { identify(change, each, now); }, event);
    }
    Session& next = change.next;
    for (const auto& event : events) {
        const auto* set = std::get_if<policy::CookiesSet>(&event);
        // The backend may not have forgotten the user: its sessions can be in any cookie.
        if (set && change.cause != Cause::Demotion) {
            change.overflowed += keep_cookies(*set, limits, now, next.vault);
        }
        if (const auto* moved = std::get_if<policy::ClientMoved>(&event)) {
            next.environment.last = moved->client;
        }
    }
    if (change.kind == Change::Kind::Update && next == session) change.kind = Change::Kind::Nothing;
    return change;
}

}  // namespace session
