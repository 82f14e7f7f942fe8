#include "session/manager.h"

#include <algorithm>
#include <utility>

#include "session/findings.h"

namespace session {

namespace {

using policy::Event;
using policy::Reason;

Loaded refused(Reason reason, policy::Finding finding) {
    Loaded loaded;
    loaded.refused = reason;
    // An ambiguous cookie is not cleared: one of the two may be a live session's.
    loaded.cookie_is_stale = reason != Reason::AmbiguousSessionCookie;
    loaded.findings.push_back(std::move(finding));
    return loaded;
}

Loaded without_id(Presented::Kind kind) {
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

// How long requests may have been on their way when the id changed.
constexpr policy::Duration kCrossing = std::chrono::seconds(30);

Loaded late(const Ended& ended, policy::Instant now) {
    auto loaded =
        refused(ended.reason, finding_of(Event::SessionUseAfterExpire, ended.reason, ended.handle));
    // A request that crossed the login: clearing now would delete the cookie that the login set.
    loaded.crossed_login =
        ended.reason == Reason::Superseded && now - ended.superseded_at < kCrossing;
    loaded.cookie_is_stale = !loaded.crossed_login;
    return loaded;
}

}  // namespace

policy::SessionFacts Loaded::facts() const {
    policy::SessionFacts facts;
    facts.refused = refused;
    if (!session) return facts;
    facts.handle = session->handle.text();
    if (session->pending) facts.pending = &*session->pending;
    if (!session->authentication) return facts;
    facts.user = &session->authentication->user;
    facts.groups = &session->authentication->groups;
    facts.login = session->authentication->login.text();
    facts.authenticated_at = session->authentication->at;
    return facts;
}

Manager::Manager(Store& store, Random& random, ManagerSettings settings, KeyRing keys)
    : store_(store),
      random_(random),
      settings_(std::move(settings)),
      cookies_(settings_.cookie, std::move(keys)) {}

Task<policy::Result<Loaded>> Manager::load(std::span<const policy::CookiePair> cookies,
                                           std::string_view host, policy::Instant now) {
    auto presented = cookies_.read(cookies, host);
    if (!presented.id) co_return without_id(presented.kind);

    const auto key = SessionKey::of(*presented.id, sha_);
    const auto lookup = co_await store_.load(key);
    if (!lookup) co_return tl::unexpected(lookup.error());
    if (const auto* ended = std::get_if<Ended>(&*lookup)) {
        co_return late(*ended, now);
    }
    const auto* stored = std::get_if<Stored>(&*lookup);
    if (!stored) {
        co_return refused(Reason::UnknownId,
                          finding_of(Event::SessionIdUnknown, Reason::UnknownId));
    }

    auto loaded = co_await load_stored(key, *stored, now);
    if (loaded && loaded->session && presented.under_old_key) {
        loaded->reissue = true;
        loaded->presented = std::make_shared<const SessionId>(std::move(*presented.id));
    }
    co_return loaded;
}

Task<policy::Result<Loaded>> Manager::load_stored(SessionKey key, const Stored& stored,
                                                  policy::Instant now) {
    const Session& session = *stored.session;
    const auto over = expiry_of(session, stored.last_seen, settings_.limits, now);
    if (over != Reason::None) {
        const auto ended = co_await store_.end(key, over, tombstone_end(session, now));
        if (!ended) co_return tl::unexpected(ended.error());
        if (*ended == Write::Gone) co_return late({over, session.handle, {}, {}}, now);
        co_return refused(over, finding_of(Event::SessionExpired, over, session.handle));
    }

    if (now - stored.last_seen >= settings_.limits.touch_interval) {
        co_await store_.touch(key, now);
    }
    Loaded loaded;
    loaded.key = key;
    loaded.session = stored.session;
    loaded.version = stored.version;
    co_return loaded;
}

Record Manager::record_of(std::shared_ptr<const Session> session) const {
    const auto expires = absolute_end(*session, settings_.limits);
    const auto idle = lifetime_of(*session, settings_.limits).idle;
    return {std::move(session), expires, idle};
}

policy::Instant Manager::tombstone_end(const Session& session, policy::Instant now) const {
    // Past its absolute end, a cookie that comes once more is still late and not unknown.
    return std::max(absolute_end(session, settings_.limits),
                    now + lifetime_of(session, settings_.limits).idle);
}

}  // namespace session
