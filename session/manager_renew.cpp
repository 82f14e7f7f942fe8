// What the browser is told to keep from now on, when nothing happened that changes who it is: the
// successor of its id, or the same id once more.

#include <utility>

#include "session/findings.h"
#include "session/manager.h"

namespace session {

namespace {

using policy::Reason;

constexpr int kTries = 64;

}  // namespace

Manager::Renewal Manager::renewal_of(const Session& session, const Occasion& occasion) const {
    const auto& [loaded, events, visit, succession] = occasion;
    const bool may_rotate = succession == Succession::MayBeOffered;
    const auto& rules = settings_.rotation;
    const auto standing = standing_of(session.ids, loaded.digest, rules, visit.now);
    if (standing == Standing::InGrace && may_rotate) return Renewal::CatchUp;
    if (standing != Standing::Current) return Renewal::None;
    if (may_rotate && is_due(session.ids, rules, visit.now)) return Renewal::Successor;
    return wants_fresh_cookie(session, occasion) ? Renewal::SameId : Renewal::None;
}

bool Manager::wants_fresh_cookie(const Session& session, const Occasion& occasion) const {
    const auto& cookie = settings_.cookie;
    if (occasion.loaded.under_old_key) return true;
    if (occasion.visit.transport == policy::Transport::Header) return false;
    if (cookie.is_rolling || !cookie.is_persistent) return cookie.is_rolling;
    const auto lifetime = cookie_lifetime(session, settings_.limits, session.cookie_issued);
    const auto share = std::chrono::duration<double>(lifetime) * cookie.renew_at;
    return occasion.visit.now - session.cookie_issued >= share;
}

// Decided on what is stored now: no cookie of a session that has ended meanwhile.
Task<policy::Result<Committed>> Manager::renew(const Occasion& occasion, Committed committed) {
    const auto& [loaded, events, visit, succession] = occasion;
    if (renewal_of(*committed.session, occasion) == Renewal::None) co_return committed;
    for (int tries = 0; tries < kTries; ++tries) {
        const auto lookup = co_await store_.load(*loaded.at);
        if (!lookup) co_return tl::unexpected(lookup.error());
        const auto* stored = std::get_if<Stored>(&*lookup);
        committed.is_late = !stored || has_expired(*stored, visit.now);
        if (committed.is_late) co_return committed;

        const auto renewal = renewal_of(*stored->session, occasion);
        if (renewal == Renewal::None) co_return committed;
        Attempt renewed;
        if (renewal == Renewal::Successor) renewed = co_await offer(occasion, *stored, committed);
        if (renewal == Renewal::SameId)
            renewed = co_await issue_again(occasion, *stored, committed);
        if (renewal == Renewal::CatchUp) {
            const auto id = loaded.ticket->id.successor(*stored->session->ids.former->nonce);
            hand_out(loaded.ticket->family, id, *stored->session, visit, committed);
            co_return committed;
        }
        if (!renewed) co_return tl::unexpected(renewed.error());
        if (*renewed) co_return std::move(**renewed);
    }
    co_return policy::fail(Reason::StoreConflict, "session changed under every try to rotate it");
}

// A persistent cookie that is issued again is so once, whoever comes in parallel.
Task<Manager::Attempt> Manager::issue_again(const Occasion& occasion, const Stored& current,
                                            Committed committed) {
    const auto& [loaded, events, visit, succession] = occasion;
    const auto& cookie = settings_.cookie;
    hand_out(loaded.ticket->family, loaded.ticket->id, *current.session, visit, committed);
    if (!cookie.is_persistent || cookie.is_rolling) co_return committed;

    auto next = *current.session;
    next.cookie_issued = visit.now;
    auto record = record_of(std::make_shared<const Session>(std::move(next)), occasion);
    committed.session = record.session;
    const auto written =
        co_await store_.replace(*loaded.at, current.version, std::move(record), visit.now);
    if (!written) co_return tl::unexpected(written.error());
    if (*written != Write::Done) co_return std::nullopt;
    co_return committed;
}

// Everybody who comes with the current id is offered the same successor.
Task<Manager::Attempt> Manager::offer(const Occasion& occasion, const Stored& current,
                                      Committed committed) {
    const auto& [loaded, events, visit, succession] = occasion;
    if (const auto& offer = current.session->ids.offer) {
        const auto id = loaded.ticket->id.successor(offer->nonce);
        hand_out(loaded.ticket->family, id, *current.session, visit, committed);
        co_return committed;
    }

    Ids::Offer offer;
    if (auto filled = random_.fill(offer.nonce); !filled) co_return tl::unexpected(filled.error());
    const auto id = loaded.ticket->id.successor(offer.nonce);
    offer.digest = digest_of(id, sha_);
    auto next = *current.session;
    next.ids.offer = offer;
    next.cookie_issued = visit.now;
    auto record = record_of(std::make_shared<const Session>(std::move(next)), occasion);
    committed.session = record.session;
    const auto written =
        co_await store_.replace(*loaded.at, current.version, std::move(record), visit.now);
    if (!written) co_return tl::unexpected(written.error());
    if (*written != Write::Done) co_return std::nullopt;

    hand_out(loaded.ticket->family, id, *committed.session, visit, committed);
    committed.findings.push_back(
        id_rotated(loaded.handle, committed.session->ids.generation + 1, "periodic"));
    co_return committed;
}

Task<policy::Result<bool>> Manager::still_lives(const Loaded& loaded, policy::Instant now) {
    if (!loaded.at) co_return true;
    const auto lookup = co_await store_.load(*loaded.at);
    if (!lookup) co_return tl::unexpected(lookup.error());
    const auto* stored = std::get_if<Stored>(&*lookup);
    co_return stored && !has_expired(*stored, now);
}

}  // namespace session
