#pragma once

// A finding is one security-relevant fact about a request, as data: the audit writes it, decide()
// reads how severe the policy wants it taken. Secrets, bodies and query values never go in here.

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/base/event.h"
#include "policy/base/reason.h"

namespace policy {

// What the policy wants done about a finding; ordered from mild to severe.
enum class Reaction : std::uint8_t {
    Observe,
    StepUp,  // What requires a user asks for a new login.
    Lock,    // The session ends, and the request goes on without one.
    Revoke,  // It ends, and the request is refused.
};

struct Finding {
    Event event = Event::None;
    Reason reason = Reason::None;
    Reaction reaction = Reaction::Observe;
    std::vector<std::pair<std::string_view, std::string>> arguments;  // Names are literals.
};

using Findings = std::vector<Finding>;

// Names that others chose, as one argument: the first eight of them, 64 bytes of each, with every
// byte outside visible ASCII as %XX, blanks between them.
[[nodiscard]] std::string list_names(std::span<const std::string_view> names);

}  // namespace policy
