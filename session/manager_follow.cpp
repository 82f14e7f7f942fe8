// The id was replaced while an exchange was under way. Where the session goes on with the same
// backend cookies, what happened to those has happened to it: the backend knows nothing of our ids.

#include <algorithm>

#include "session/findings.h"
#include "session/manager.h"

namespace session {

namespace {

using policy::Event;
using policy::Reason;
using policy::SessionEvent;

constexpr int kSteps = 8;

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

std::optional<SessionKey> successor_of(const Lookup& found) {
    const auto* ended = std::get_if<Ended>(&found);
    return ended ? ended->successor : std::nullopt;
}

}  // namespace

Task<policy::Result<Committed>> Manager::follow(const Occasion& occasion, const Lookup& found) {
    auto left = gone(found);
    auto key = successor_of(found);
    for (int steps = 0; key && steps < kSteps; ++steps) {
        const auto lookup = co_await store_.load(*key);
        if (!lookup) co_return tl::unexpected(lookup.error());
        const auto* stored = std::get_if<Stored>(&*lookup);
        if (!stored) {
            key = successor_of(*lookup);
            continue;
        }
        const auto events =
            lasting(*stored->session, occasion.loaded.session->jar, occasion.events);
        if (events.empty()) break;
        const auto passed = co_await pass_on(*key, *stored, events, occasion, left.findings);
        if (!passed) co_return tl::unexpected(passed.error());
        if (*passed == Write::Done) break;
    }
    co_return left;
}

Task<policy::Result<Write>> Manager::pass_on(SessionKey key, const Stored& successor,
                                             std::span<const SessionEvent> events,
                                             const Occasion& occasion, policy::Findings& findings) {
    auto change = reduce(*successor.session, events, settings_.vault, occasion.now);
    if (change.kind == Change::Kind::End) {
        const auto until = tombstone_end(*successor.session, occasion.now);
        auto ended = co_await store_.end(key, change.reason, until);
        if (ended && *ended == Write::Done)
            findings.push_back(end_finding(change.reason, successor.session->handle));
        co_return ended;
    }
    if (change.kind != Change::Kind::Update) co_return Write::Done;
    auto record = record_of(std::make_shared<const Session>(std::move(change.next)));
    co_return co_await store_.replace(key, successor.version, std::move(record), occasion.now);
}

}  // namespace session
