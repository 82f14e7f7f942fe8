#pragma once

// A finding is one security-relevant fact about a request, as data: the audit writes it, decide()
// reads how severe the policy wants it taken. Secrets, bodies and query values never go in here.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/base/event.h"
#include "policy/base/reason.h"

namespace policy {

// What the policy wants done about a finding; ordered from mild to severe.
enum class Reaction : std::uint8_t { Observe, Revoke };

struct Finding {
    Event event = Event::None;
    Reason reason = Reason::None;
    Reaction reaction = Reaction::Observe;
    std::vector<std::pair<std::string_view, std::string>> arguments;  // Names are literals.
};

using Findings = std::vector<Finding>;

}  // namespace policy
