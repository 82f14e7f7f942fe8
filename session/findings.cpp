#include "session/findings.h"

namespace session {

policy::Finding finding_of(policy::Event event, policy::Reason reason) {
    policy::Finding finding;
    finding.event = event;
    finding.reason = reason;
    return finding;
}

policy::Finding finding_of(policy::Event event, policy::Reason reason, const Handle& handle) {
    auto finding = finding_of(event, reason);
    finding.arguments.emplace_back("session", handle.text());
    return finding;
}

policy::Finding end_finding(policy::Reason reason, const Handle& handle) {
    using policy::Event, policy::Reason;
    if (reason == Reason::LoggedOut) return finding_of(Event::SessionLogout, reason, handle);
    const bool is_lost = reason == Reason::BackendSessionLost;
    return finding_of(is_lost ? Event::SessionExpired : Event::SessionRevoked, reason, handle);
}

policy::Finding id_rotated(const Session& session, std::string_view cause) {
    auto finding =
        finding_of(policy::Event::SessionIdRotated, policy::Reason::None, session.handle);
    finding.arguments.emplace_back("generation", std::to_string(session.generation));
    finding.arguments.emplace_back("cause", std::string(cause));
    return finding;
}

policy::Finding vault_full(std::span<const std::string_view> names) {
    auto finding = finding_of(policy::Event::BackendCookieConflict, policy::Reason::None);
    finding.arguments.emplace_back("reason", "vault_full");
    finding.arguments.emplace_back("cookies", policy::list_names(names));
    return finding;
}

}  // namespace session
