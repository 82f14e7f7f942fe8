#pragma once

// Is a session used from where it began (BND-001)? Binding can only lower trust (BND-004): a match
// proves nothing, a mismatch is told or ends the session.

#include <cstdint>
#include <optional>

#include "policy/finding.h"
#include "policy/http/network.h"

namespace policy {

struct BindingPolicy {
    enum class Mode : std::uint8_t { Off, Observe, Revoke };
    Mode mode = Mode::Observe;
    bool exact = false;     // Compare whole addresses instead of networks.
    PrefixLengths network;  // Otherwise compare these many bits.
};

// `bound` is where the session began, `last` where it was used last. A finding when `client` is
// elsewhere; in observe mode only when it has moved since the last request, so that a session that
// lives elsewhere is told once.
[[nodiscard]] std::optional<Finding> check_binding(const BindingPolicy& policy,
                                                   const IpAddress& bound, const IpAddress& last,
                                                   const IpAddress& client);

}  // namespace policy
