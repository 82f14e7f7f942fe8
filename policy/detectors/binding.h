#pragma once

// Is a session used from where, and by what, it began (BND-001, BND-003)? Binding can only lower
// trust (BND-004): a match proves nothing, a mismatch is told, asks for a new login, takes the user
// away, or ends the session.

#include <cstdint>

#include "policy/client_environment.h"
#include "policy/finding.h"
#include "policy/http/network.h"

namespace policy {

enum class BindingMode : std::uint8_t {
    Off,
    Observe,  // It is told.
    StepUp,   // What requires a user asks for a new login.
    Lock,     // The session ends: nobody is anybody until the next login.
    Revoke,   // It ends, and the request is refused.
};

struct NetworkBinding {
    BindingMode mode = BindingMode::Observe;
    bool exact = false;     // Compare whole addresses instead of networks.
    PrefixLengths network;  // Otherwise compare these many bits.
};

struct AgentBinding {
    BindingMode mode = BindingMode::Observe;
};

struct BindingPolicy {
    NetworkBinding network;
    AgentBinding agent;
};

// `bound` is what the session began with, `last` what it was used with last. A finding for each
// signal in which `client` differs from `bound`; in observe mode only when it has changed since the
// last request, so that a session that lives elsewhere is told once.
[[nodiscard]] Findings check_binding(const BindingPolicy& policy, const ClientEnvironment& bound,
                                     const ClientEnvironment& last,
                                     const ClientEnvironment& client);

// Whether both look like one client, whatever the modes are.
[[nodiscard]] bool is_same_client(const BindingPolicy& policy, const ClientEnvironment& left,
                                  const ClientEnvironment& right);

}  // namespace policy
