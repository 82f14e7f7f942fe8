#pragma once

// A session: one small value. Stores hand out immutable snapshots; changes are new values.

#include <cstdint>
#include <optional>

#include "policy/base/strong.h"
#include "policy/base/time.h"
#include "policy/client_environment.h"
#include "policy/session_event.h"
#include "session/boxed.h"
#include "session/rights.h"
#include "session/rotation.h"
#include "session/vault.h"

namespace session {

struct Authentication {
    policy::UserName user;
    SharedRights rights;
    policy::Instant at{};
    bool operator==(const Authentication&) const = default;
};

// What the session is used with. `bound` is fixed when the session begins and at each login;
// `last` follows the client, so that a change is told once and not with every request.
struct Environment {
    policy::ClientEnvironment bound;
    policy::ClientEnvironment last;
    bool operator==(const Environment&) const = default;
};

struct Session {
    Ids ids;
    policy::Instant created{};
    std::optional<Authentication> authentication;  // Nothing: a stranger.
    Boxed<policy::PendingLogin> pending;           // What the next request may confirm.
    Environment environment;
    bool needs_step_up = false;       // Trusted less than its login was worth, until the next one.
    std::uint32_t jar = 1;            // Counts the vaults: a login that empties it begins the next.
    policy::Instant cookie_issued{};  // When the browser was told last how long to keep it.
    Vault vault;

    bool operator==(const Session&) const = default;
};

}  // namespace session
