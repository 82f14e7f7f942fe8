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
    return loaded.under_old_key ? Renewal::SameId : Renewal::None;
}

// Decided on what is stored now: no cookie of a session that has ended meanwhile.
Task<policy::Result<Committed>> Manager::renew(const Occasion& occasion, Committed committed) {
    const auto& [loaded, events, visit, succession] = occasion;
    if (renewal_of(*committed.session, occasion) == Renewal::None) co_return committed;
    for (int tries = 0; tries < kTries; ++tries) {
        const auto lookup = co_await store_.load(*loaded.key);
        if (!lookup) co_return tl::unexpected(lookup.error());
        const auto* stored = std::get_if<Stored>(&*lookup);
        committed.is_late = !stored || has_expired(*stored, visit.now);
        if (committed.is_late) co_return committed;

        const auto renewal = renewal_of(*stored->session, occasion);
        if (renewal != Renewal::Successor) {
            committed.set_cookie = cookie_for(renewal, *stored->session, occasion);
            co_return committed;
        }
        auto offered = co_await offer(occasion, *stored, committed);
        if (!offered) co_return tl::unexpected(offered.error());
        if (*offered) co_return std::move(**offered);
    }
    co_return policy::fail(Reason::StoreConflict, "session changed under every try to rotate it");
}

std::string Manager::cookie_for(Renewal renewal, const Session& session,
                                const Occasion& occasion) const {
    const auto& ticket = *occasion.loaded.ticket;
    if (renewal == Renewal::SameId)
        return cookies_.issue(ticket.family, ticket.id, occasion.visit.host);
    if (renewal != Renewal::CatchUp) return {};
    const auto id = ticket.id.successor(*session.ids.former->nonce);
    return cookies_.issue(ticket.family, id, occasion.visit.host);
}

// Everybody who comes with the current id is offered the same successor.
Task<Manager::Attempt> Manager::offer(const Occasion& occasion, const Stored& current,
                                      Committed committed) {
    const auto& [loaded, events, visit, succession] = occasion;
    const auto cookie_of = [&](const SessionId& id) {
        return cookies_.issue(loaded.ticket->family, id, visit.host);
    };
    if (const auto& offer = current.session->ids.offer) {
        committed.set_cookie = cookie_of(loaded.ticket->id.successor(offer->nonce));
        co_return committed;
    }

    Ids::Offer offer;
    if (auto filled = random_.fill(offer.nonce); !filled) co_return tl::unexpected(filled.error());
    const auto id = loaded.ticket->id.successor(offer.nonce);
    offer.digest = digest_of(id, sha_);
    auto next = *current.session;
    next.ids.offer = offer;
    auto record = record_of(std::make_shared<const Session>(std::move(next)), occasion);
    committed.session = record.session;
    const auto written =
        co_await store_.replace(*loaded.key, current.version, std::move(record), visit.now);
    if (!written) co_return tl::unexpected(written.error());
    if (*written != Write::Done) co_return std::nullopt;

    committed.set_cookie = cookie_of(id);
    committed.findings.push_back(
        id_rotated(loaded.handle, committed.session->ids.generation + 1, "periodic"));
    co_return committed;
}

Task<policy::Result<bool>> Manager::still_lives(const Loaded& loaded, policy::Instant now) {
    if (!loaded.key) co_return true;
    const auto lookup = co_await store_.load(*loaded.key);
    if (!lookup) co_return tl::unexpected(lookup.error());
    const auto* stored = std::get_if<Stored>(&*lookup);
    co_return stored && !has_expired(*stored, now);
}

}  // namespace session
