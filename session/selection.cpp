#include "session/selection.h"

namespace session {

namespace {

bool lies_in(const policy::IpAddress& address, const policy::Network& network) {
    return address.is_v4() == network.address.is_v4() &&
           address.masked(network.bits) == network.address;
}

}  // namespace

bool is_meant(const Selection& selection, const SessionKey& key, const Session& session) {
    const auto& authentication = session.authentication;
    if (selection.handle && key.handle() != *selection.handle) return false;
    if (selection.user && (!authentication || authentication->user != *selection.user))
        return false;
    if (selection.network && !lies_in(session.environment.bound.address, *selection.network) &&
        !lies_in(session.environment.last.address, *selection.network))
        return false;
    const auto begun = authentication ? authentication->at : session.created;
    return !selection.created_before || begun < *selection.created_before;
}

Summary summary_of(const SessionKey& key, const Record& record) {
    const Session& session = *record.session;
    Summary summary;
    summary.handle = key.handle();
    summary.created = session.created;
    summary.last_seen = record.last_seen;
    summary.expires = record.expires;
    summary.generation = session.ids.generation;
    summary.bound = session.environment.bound.address;
    summary.last = session.environment.last.address;
    summary.agent = session.environment.last.agent.text();
    if (!session.authentication) return summary;
    summary.user = session.authentication->user;
    summary.login = session.authentication->rights->login;
    summary.groups = session.authentication->rights->groups;
    summary.authenticated_at = session.authentication->at;
    return summary;
}

}  // namespace session
