#pragma once

// The two names of one application: how browsers call it, and how its backend believes that it is
// called. A backend behind TLS does not know its own address.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/http/authority.h"
#include "policy/http/origin.h"
#include "policy/path_mapping.h"

namespace policy {

struct CrossingRules {
    enum class Mode : std::uint8_t { Leave, Rewrite };

    std::optional<Authority> host;  // The Host that the backend is sent. Nothing: the client's.
    PathMapping paths;
    Mode location = Mode::Rewrite;    // Location, Refresh, Content-Location of answers.
    std::vector<Origin> own_origins;  // What the backend calls itself besides what can be known.
    Mode origin = Mode::Leave;        // Origin and Referer of requests.
};

}  // namespace policy
