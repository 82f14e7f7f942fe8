#pragma once

// A session: one small value. Stores hand out immutable snapshots; changes are new values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/base/strong.h"
#include "policy/base/time.h"
#include "policy/http/network.h"
#include "policy/session_event.h"
#include "session/id.h"
#include "session/vault.h"

namespace session {

struct Authentication {
    policy::UserName user;
    policy::LoginName login;  // The rule that observed it.
    std::vector<std::string> groups;
    policy::Instant at{};
    bool operator==(const Authentication&) const = default;
};

// Where the session is used from. `bound` is fixed when the session begins and at each login;
// `last` follows the client, so that a change is told once and not with every request.
struct Environment {
    policy::IpAddress bound;
    policy::IpAddress last;
    bool operator==(const Environment&) const = default;
};

struct Session {
    Handle handle;
    std::uint32_t generation = 1;  // Counts the ids that this session has had.
    policy::Instant created{};
    std::optional<Authentication> authentication;  // Nothing: a stranger.
    std::optional<policy::PendingLogin> pending;   // What the next request may confirm.
    Environment environment;
    std::uint32_t jar = 1;  // Counts the vaults: a login that empties it begins the next.
    Vault vault;

    bool operator==(const Session&) const = default;
};

}  // namespace session
