// An id that was replaced came back: somebody has a copy (ROT-006, ROT-008).

#include <utility>

#include "session/findings.h"
#include "session/manager.h"

namespace session {

namespace {

using policy::Event;
using policy::Reason;

std::string_view word(OnReuse reaction) {
    switch (reaction) {
        case OnReuse::Observe:
            return "observe";
        case OnReuse::StepUp:
            return "step_up";
        case OnReuse::RevokeUser:
            return "revoke_user";
        case OnReuse::RevokeFamily:
            break;
    }
    return "revoke_family";
}

}  // namespace

Task<Manager::Admission> Manager::answer_reuse(const Presence& presence) {
    const auto& [key, digest, stored, visit] = presence;
    const Session& session = *stored.session;
    // A browser that lost an answer, or was restored from a backup: no reason to cry.
    if (policy::is_same_client(settings_.binding, session.environment.last, visit.client))
        co_return late(key, Reason::Superseded, visit.now);

    Loaded loaded;
    loaded.refused = Reason::IdReused;
    loaded.cookie_is_stale = true;
    const auto reacted = co_await react(presence, loaded.findings);
    if (!reacted) co_return tl::unexpected(reacted.error());
    if (*reacted != Write::Done) co_return std::nullopt;
    co_return loaded;
}

// Done when the reaction is in the store; only then it is told, so that it is told once.
Task<policy::Result<Write>> Manager::react(const Presence& presence, policy::Findings& findings) {
    const auto& [key, digest, stored, visit] = presence;
    const auto reaction = settings_.rotation.on_reuse;
    auto finding = id_reused(key.handle(), *stored.session, visit.client);
    finding.arguments.emplace_back("reaction", word(reaction));

    policy::Result<Write> reacted = Write::Done;
    if (reaction == OnReuse::StepUp && !stored.session->needs_step_up) {
        const policy::SessionEvent distrusted = policy::Distrusted{};
        auto change =
            reduce(*stored.session, std::span(&distrusted, 1), settings_.vault, visit.now);
        auto record =
            record_of(std::make_shared<const Session>(std::move(change.next)), stored.last_seen);
        reacted = co_await store_.replace(key, stored.version, std::move(record), visit.now);
    }
    if (reaction == OnReuse::RevokeFamily || reaction == OnReuse::RevokeUser)
        reacted =
            co_await store_.end(key, Reason::IdReused, tombstone_end(*stored.session, visit.now));
    if (!reacted || *reacted != Write::Done) co_return reacted;

    // Where the family lives on, its thief can come again and again.
    if (const auto untold =
            repeats_->tell(Repeats::What::Reuse, Reason::IdReused, key, visit.now)) {
        if (*untold > 0) finding.arguments.emplace_back("times_before", std::to_string(*untold));
        findings.push_back(std::move(finding));
    }
    if (reaction != OnReuse::RevokeUser) co_return reacted;
    const auto others = co_await end_others(presence, findings);
    if (!others) co_return tl::unexpected(others.error());
    co_return reacted;
}

Task<policy::Result<void>> Manager::end_others(const Presence& presence,
                                               policy::Findings& findings) {
    const auto& [key, digest, stored, visit] = presence;
    if (!stored.session->authentication) co_return policy::ok();
    const auto others = co_await store_.sessions_of(stored.session->authentication->user);
    if (!others) co_return tl::unexpected(others.error());
    for (const auto& other : *others) {
        const auto until = tombstone_end(*stored.session, visit.now);
        const auto ended = co_await store_.end(other.key, Reason::IdReused, until);
        if (!ended) co_return tl::unexpected(ended.error());
        if (*ended == Write::Done)
            findings.push_back(end_finding(Reason::IdReused, other.key.handle()));
    }
    co_return policy::ok();
}

}  // namespace session
