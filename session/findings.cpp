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
    if (reason == Reason::LoggedOut || reason == Reason::LoggedOutHere)
        return finding_of(Event::SessionLogout, reason, handle);
    const bool is_lost = reason == Reason::BackendSessionLost;
    return finding_of(is_lost ? Event::SessionExpired : Event::SessionRevoked, reason, handle);
}

policy::Finding id_rotated(const Handle& handle, std::uint32_t generation, std::string_view cause) {
    auto finding = finding_of(policy::Event::SessionIdRotated, policy::Reason::None, handle);
    finding.arguments.emplace_back("generation", std::to_string(generation));
    finding.arguments.emplace_back("cause", cause);
    return finding;
}

policy::Finding id_reused(const Handle& handle, const Session& session,
                          const policy::ClientEnvironment& client) {
    auto finding = finding_of(policy::Event::SessionIdReuse, policy::Reason::IdReused, handle);
    auto& arguments = finding.arguments;
    if (session.authentication) arguments.emplace_back("user", session.authentication->user.text());
    const auto& owner = session.environment.last;
    arguments.emplace_back("generation", std::to_string(session.ids.generation));
    arguments.emplace_back("owner_client", owner.address.text());
    arguments.emplace_back("owner_agent", owner.agent.text());
    arguments.emplace_back("reuse_client", client.address.text());
    arguments.emplace_back("reuse_agent", client.agent.text());
    return finding;
}

policy::Finding too_many_sessions(const policy::UserName& user, std::size_t sessions,
                                  std::string_view reaction) {
    auto finding =
        finding_of(policy::Event::ExcessSessionsExceeded, policy::Reason::TooManySessions);
    finding.arguments.emplace_back("user", user.text());
    finding.arguments.emplace_back("sessions", std::to_string(sessions));
    finding.arguments.emplace_back("reaction", reaction);
    return finding;
}

policy::Finding vault_full(std::span<const std::string_view> names) {
    auto finding = finding_of(policy::Event::BackendCookieConflict, policy::Reason::None);
    finding.arguments.emplace_back("reason", "vault_full");
    finding.arguments.emplace_back("cookies", policy::list_names(names));
    return finding;
}

}  // namespace session
