// The id was replaced while an exchange was under way. Where the session goes on with the same
// backend cookies, what happened to those has happened to it: the backend knows nothing of our ids.

#include <algorithm>

#include "session/findings.h"
#include "session/manager.h"

namespace session {

namespace {

using policy::Reason;
using policy::SessionEvent;

bool outlives_its_id(const SessionEvent& event) {
    return std::holds_alternative<policy::CookiesSet>(event) ||
           std::holds_alternative<policy::LoggedOut>(event) ||
           std::holds_alternative<policy::Revoked>(event);
}

// Whom a login names.
const policy::UserName* user_of(const SessionEvent& event) {
    if (const auto* login = std::get_if<policy::LoggedIn>(&event)) return &login->identity.user;
    const auto* pending = std::get_if<policy::LoginPending>(&event);
    return pending ? &pending->login.identity.user : nullptr;
}

const policy::UserName* user_of(const Session& session) {
    if (session.authentication) return &session.authentication->user;
    return session.pending ? &session.pending->identity.user : nullptr;
}

// Two users logged in with the cookies of one jar. Where the backend went on with the session that
// it had, the new jar holds what the other one logged in to.
bool is_contested(const Session& successor, std::span<const SessionEvent> events) {
    const auto* user = user_of(successor);
    return user && std::any_of(events.begin(), events.end(), [user](const SessionEvent& event) {
               const auto* other = user_of(event);
               return other && *other != *user;
           });
}

// What the successor has to hear. A login in the backend session that another login's user is in
// by now: nobody knows any more whose it is.
std::vector<SessionEvent> lasting(const Session& successor, std::uint64_t jar,
                                  std::span<const SessionEvent> events) {
    const bool is_same_jar = successor.jar == jar;
    std::vector<SessionEvent> kept;
    if (is_contested(successor, events)) kept.emplace_back(policy::Revoked{Reason::LoginUnclear});
    for (const auto& event : events) {
        if (is_same_jar && user_of(event)) kept.emplace_back(policy::Revoked{Reason::LoginUnclear});
        if (is_same_jar && outlives_its_id(event)) kept.push_back(event);
    }
    return kept;
}

}  // namespace

Task<Manager::Attempt> Manager::pass_on(const Occasion& occasion, const Stored& current) {
    const auto& [loaded, all, visit, succession] = occasion;
    Committed left;
    left.is_late = true;
    const auto events = lasting(*current.session, loaded.session->jar, all);
    if (events.empty()) co_return left;

    auto change = reduce(*current.session, events, settings_.vault, visit.now);
    policy::Result<Write> written = Write::Done;
    if (change.kind == Change::Kind::End) {
        const auto until = tombstone_end(*current.session, visit.now);
        written = co_await store_.end(*loaded.at, change.reason, until);
        if (written && *written == Write::Done)
            left.findings.push_back(end_finding(change.reason, loaded.handle));
    } else if (change.kind == Change::Kind::Update) {
        auto record = record_of(std::make_shared<const Session>(std::move(change.next)), occasion);
        written =
            co_await store_.replace(*loaded.at, current.version, std::move(record), visit.now);
    }
    if (!written) co_return tl::unexpected(written.error());
    if (*written == Write::Conflict) co_return std::nullopt;
    co_return left;
}

}  // namespace session
