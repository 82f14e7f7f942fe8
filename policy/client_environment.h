#pragma once

// What a client looks like from here: where it is, and what it claims to be.

#include "policy/http/network.h"
#include "policy/user_agent.h"

namespace policy {

struct ClientEnvironment {
    IpAddress address;
    AgentFamily agent = {};
    bool operator==(const ClientEnvironment&) const = default;
};

}  // namespace policy
