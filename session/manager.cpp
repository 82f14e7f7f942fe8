// Manager::load(): from a cookie to a session, or to why there is none.

#include "session/manager.h"

#include <algorithm>
#include <utility>

#include "session/findings.h"

namespace session {

namespace {

using policy::Event;
using policy::Reason;

// Each lost race means that somebody else has written, so more than a few are a sign of trouble.
constexpr int kTries = 64;

Loaded refused(Reason reason, policy::Finding finding) {
    Loaded loaded;
    loaded.refused = reason;
    // An ambiguous cookie is not cleared: one of the two may be a live session's.
    loaded.cookie_is_stale = reason != Reason::AmbiguousSessionCookie;
    loaded.findings.push_back(std::move(finding));
    return loaded;
}

Loaded without_ticket(Presented::Kind kind) {
    switch (kind) {
        case Presented::Kind::Ambiguous:
            return refused(
                Reason::AmbiguousSessionCookie,
                finding_of(Event::SessionCookieAmbiguous, Reason::AmbiguousSessionCookie));
        case Presented::Kind::Forged:
            return refused(Reason::ForgedId, finding_of(Event::SessionIdForged, Reason::ForgedId));
        case Presented::Kind::Nothing:
        case Presented::Kind::Genuine:
            break;
    }
    return {};
}

}  // namespace

policy::SessionFacts Loaded::facts() const {
    policy::SessionFacts facts;
    facts.refused = refused;
    if (!session) return facts;
    facts.handle = handle.text();
    facts.needs_step_up = session->needs_step_up;
    facts.may_write = may_write;
    if (session->pending) facts.pending = &*session->pending;
    if (!session->authentication) return facts;
    facts.user = &session->authentication->user;
    facts.groups = &session->authentication->rights->groups;
    facts.login = session->authentication->rights->login.text();
    facts.authenticated_at = session->authentication->at;
    return facts;
}

Manager::Manager(Store& store, Random& random, ManagerSettings settings, KeyRing keys,
                 std::shared_ptr<Repeats> repeats)
    : store_(store),
      random_(random),
      settings_(std::move(settings)),
      cookies_(settings_.cookie, std::move(keys)),
      repeats_(std::move(repeats)) {}

Task<policy::Result<Loaded>> Manager::load(std::span<const policy::CookiePair> cookies,
                                           const Visit& visit) {
    auto presented = read(cookies, visit);
    if (!presented.ticket) co_return without_ticket(presented.kind);

    const auto at = Locator::of(presented.ticket->family, sha_);
    const auto kept = settings_.client_keeps_record ? cookies_.read_kept(cookies) : "";
    if (!kept.empty()) store_.present(at, kept);
    auto loaded = co_await find(at, digest_of(presented.ticket->id, sha_), visit);
    if (loaded && loaded->session) {
        loaded->under_old_key = presented.under_old_key;
        loaded->may_write = presented.may_write;
        loaded->ticket = std::move(presented.ticket);
        loaded->kept = kept;
    }
    co_return loaded;
}

// Either the cookie or the header, as the route says: a client that sends both is none of ours.
Presented Manager::read(std::span<const policy::CookiePair> cookies, const Visit& visit) const {
    if (visit.transport == policy::Transport::Cookie) return cookies_.read(cookies, visit.host);
    const bool has_both =
        visit.token && std::any_of(cookies.begin(), cookies.end(),
                                   [&](const auto& each) { return each.name == cookies_.name(); });
    if (has_both) return {Presented::Kind::Ambiguous, std::nullopt, false, true};
    return visit.token ? cookies_.read_header(*visit.token, visit.host) : Presented{};
}

Task<policy::Result<Loaded>> Manager::find(const Locator& at, const IdDigest& digest,
                                           const Visit& visit) {
    for (int tries = 0; tries < kTries; ++tries) {
        const auto lookup = co_await store_.load(at);
        if (!lookup) co_return tl::unexpected(lookup.error());
        if (const auto* ended = std::get_if<Ended>(&*lookup))
            co_return late(at, ended->reason, visit.now);
        const auto* stored = std::get_if<Stored>(&*lookup);
        if (!stored)
            co_return refused(Reason::UnknownId,
                              finding_of(Event::SessionIdUnknown, Reason::UnknownId));
        const Presence presence{at, digest, *stored, visit};
        auto admitted = co_await admit(presence);
        if (!admitted) co_return tl::unexpected(admitted.error());
        if (*admitted) co_return std::move(**admitted);
    }
    co_return policy::fail(Reason::StoreConflict, "session changed under every try to use it");
}

Task<Manager::Admission> Manager::admit(const Presence& presence) {
    const auto& [key, digest, stored, visit] = presence;
    const auto over = expiry_of(*stored.session, stored.last_seen, settings_.limits, visit.now);
    if (over != Reason::None) co_return co_await expire(presence, over);

    switch (standing_of(stored.session->ids, digest, settings_.rotation, visit.now)) {
        case Standing::Retired:
            co_return co_await answer_reuse(presence);
        case Standing::Offered:
            co_return co_await take_up(presence);
        case Standing::Crossing: {
            auto loaded = late(key, Reason::Superseded, visit.now);
            // Clearing now would delete the cookie that the login set.
            loaded.crossed_login = true;
            loaded.cookie_is_stale = false;
            co_return loaded;
        }
        case Standing::Current:
        case Standing::InGrace:
            break;
    }

    const bool is_old_news = visit.now - stored.last_seen >= settings_.limits.touch_interval;
    if (is_old_news && visit.activity == Visit::Activity::Counts)
        co_await store_.touch(key, visit.now);
    Loaded loaded;
    loaded.at = key;
    loaded.handle = key.handle();
    loaded.session = stored.session;
    loaded.version = stored.version;
    loaded.last_seen = stored.last_seen;
    loaded.digest = digest;
    co_return loaded;
}

Task<Manager::Admission> Manager::expire(const Presence& presence, Reason reason) {
    const auto& [key, digest, stored, visit] = presence;
    const auto until = tombstone_end(*stored.session, visit.now);
    const auto ended = co_await store_.end(key, reason, until);
    if (!ended) co_return tl::unexpected(ended.error());
    if (*ended == Write::Gone) co_return late(key, reason, visit.now);
    co_return refused(reason, finding_of(Event::SessionExpired, reason, key.handle()));
}

// The browser has the successor: from now on it is the one.
Task<Manager::Admission> Manager::take_up(const Presence& presence) {
    const auto& [key, digest, stored, visit] = presence;
    auto next = *stored.session;
    next.ids = take_up_offer(std::move(next.ids), visit.now);
    const auto counts = visit.activity == Visit::Activity::Counts;
    auto record = record_of(std::make_shared<const Session>(std::move(next)),
                            counts ? visit.now : stored.last_seen);
    const auto written = co_await store_.replace(key, stored.version, std::move(record), visit.now);
    if (!written) co_return tl::unexpected(written.error());
    co_return std::nullopt;  // Whoever wrote it: now it can be found.
}

// A cookie of a session, or of a login, that is over. Told once a minute.
Loaded Manager::late(const SessionKey& key, Reason reason, policy::Instant now) {
    auto finding = finding_of(Event::SessionUseAfterExpire, reason, key.handle());
    const auto untold = repeats_->tell(Repeats::What::LateUse, reason, key, now);
    if (untold && *untold > 0)
        finding.arguments.emplace_back("times_before", std::to_string(*untold));
    auto loaded = refused(reason, std::move(finding));
    if (!untold) loaded.findings.clear();
    return loaded;
}

Record Manager::record_of(std::shared_ptr<const Session> session, policy::Instant last_seen) const {
    const auto expires = absolute_end(*session, settings_.limits);
    const auto idle = lifetime_of(*session, settings_.limits).idle;
    return {std::move(session), expires, idle, last_seen};
}

Record Manager::record_of(std::shared_ptr<const Session> session, const Occasion& occasion) const {
    const auto& visit = occasion.visit;
    const bool counts = visit.activity == Visit::Activity::Counts || !occasion.loaded.session;
    return record_of(std::move(session), counts ? visit.now : occasion.loaded.last_seen);
}

policy::Instant Manager::tombstone_end(const Session& session, policy::Instant now) const {
    // Past its absolute end, a cookie that comes once more is still late and not unknown.
    return std::max(absolute_end(session, settings_.limits),
                    now + lifetime_of(session, settings_.limits).idle);
}

}  // namespace session
