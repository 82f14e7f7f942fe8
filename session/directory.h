#pragma once

// Directory: the sessions as an administrator sees them. It shows no secret, and what it ends is
// ended like everything else: a tombstone wins over whatever is under way (REV-004).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/base/result.h"
#include "policy/base/strong.h"
#include "policy/base/time.h"
#include "policy/http/network.h"
#include "session/id.h"
#include "session/task.h"

namespace session {

// One live session. A stranger has no user.
struct Summary {
    Handle handle;  // Also names the family: all ids that the session has had.
    std::optional<policy::UserName> user;
    policy::LoginName login;  // The rule that observed it; empty for strangers.
    std::vector<std::string> groups;
    policy::Instant created{};
    std::optional<policy::Instant> authenticated_at;
    policy::Instant last_seen{};
    policy::Instant expires{};     // At the latest.
    std::uint32_t generation = 1;  // Counts the ids.
    policy::IpAddress bound;       // Where it began, or was logged in.
    policy::IpAddress last;        // Where it was used last.
    std::string agent;             // Family of the user agent, as in `Firefox on Windows`.
};

// Which sessions are meant. All that is set must hold; a selection in which nothing is set means
// every session.
struct Selection {
    std::optional<Handle> handle;
    std::optional<policy::UserName> user;
    std::optional<policy::Network> network;         // Bound to it, or used from it last.
    std::optional<policy::Instant> created_before;  // Begun, or logged in last, before.
};

struct Revoked {
    std::size_t sessions = 0;    // That were meant, and have ended unless it was a rehearsal.
    std::vector<Summary> first;  // Of them, as they were before; at most as many as asked for.
};

// Errors of all calls: StoreUnavailable. Callable from any thread.
class Directory {
public:
    virtual ~Directory() = default;

    // At most `most` of them, in no particular order.
    [[nodiscard]] virtual Task<policy::Result<std::vector<Summary>>> list(Selection selection,
                                                                          std::size_t most) = 0;

    enum class Mode : std::uint8_t { ForReal, Rehearsal };

    // Ends them all, with the reason Revoked, before it returns. `most` bounds what is described.
    [[nodiscard]] virtual Task<policy::Result<Revoked>> revoke(Selection selection, Mode mode,
                                                               std::size_t most) = 0;
};

}  // namespace session
