#pragma once

// A backend as the policy file describes it. How it is reached is the gateway's business.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "policy/base/strong.h"
#include "policy/base/time.h"
#include "policy/cookie_rules.h"
#include "policy/crossing.h"

namespace policy {

struct ServerAddress {
    std::string host;  // Name or address; without brackets.
    std::uint16_t port = 80;
};

struct Backend {
    BackendName name;
    std::size_t index = 0;               // Position in the policy file; pools are kept by it.
    std::vector<ServerAddress> servers;  // At least one; tried in turn.
    CookieRules cookies;
    CrossingRules crossing;

    Duration connect_timeout = std::chrono::seconds(5);
    Duration response_timeout = std::chrono::seconds(60);  // Until the head, and between reads.
    Duration idle_timeout = std::chrono::seconds(30);      // Of a pooled connection.
    std::size_t max_idle = 64;                             // Pooled connections per worker.
};

}  // namespace policy
