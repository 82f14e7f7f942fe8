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

policy::Finding id_rotated(const Session& session) {
    auto finding =
        finding_of(policy::Event::SessionIdRotated, policy::Reason::None, session.handle);
    finding.arguments.emplace_back("generation", std::to_string(session.generation));
    return finding;
}

policy::Finding vault_full(std::span<const std::string_view> names) {
    auto finding = finding_of(policy::Event::BackendCookieConflict, policy::Reason::None);
    finding.arguments.emplace_back("reason", "vault_full");
    finding.arguments.emplace_back("cookies", policy::list_names(names));
    return finding;
}

}  // namespace session
