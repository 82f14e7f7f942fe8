#pragma once

// The life of a session as pure functions: is it still alive, and what becomes of it when
// something happens. See README.md for the picture.

#include <span>
#include <variant>

#include "policy/base/reason.h"
#include "policy/session_event.h"
#include "session/limits.h"
#include "session/session.h"

namespace session {

// The limits that apply: a stranger's, a user's, or those of a user's groups.
[[nodiscard]] Lifetime lifetime_of(const Session& session, const Limits& limits);

// None while the session lives, else IdleTimeout or AbsoluteTimeout.
[[nodiscard]] policy::Reason expiry_of(const Session& session, policy::Instant last_seen,
                                       const Limits& limits, policy::Instant now);

// When the session ends at the latest, whatever happens in it but a new authentication.
[[nodiscard]] policy::Instant absolute_end(const Session& session, const Limits& limits);

// How long a browser may keep the cookie: until the session would have gone idle, and never beyond
// its absolute end (CKI-004). At least a second.
[[nodiscard]] std::chrono::seconds cookie_lifetime(const Session& session, const Limits& limits,
                                                   policy::Instant now);

struct Change {
    enum class Kind {
        Nothing,  // As it was.
        Update,   // Same id, new content.
        Rotate,   // New content under a new id; the old ones die at once (ROT-001). The id itself
                  // is for the manager to make.
        End,      // `reason` says why.
    };
    enum class Cause { None, Login, PrivilegeChange, Demotion };

    Kind kind = Kind::Nothing;
    policy::Reason reason = policy::Reason::None;
    Session next;                // For Update and Rotate.
    std::size_t overflowed = 0;  // Cookies that found no room in the vault.
    Cause cause = Cause::None;   // Of a rotation. After a login the manager binds to the client.
};

// Applies `events`. A login empties the vault before the cookies of the same answer go in, so
// nothing planted before the login survives it, unless its rule keeps them. A confirmation counts
// only for the login that is pending, and not after it was refuted; but it stays known who that
// was. A demotion leaves no cookie, not even of the same answer: a login with those that were the
// user's would prove nothing.
[[nodiscard]] Change reduce(const Session& session, std::span<const policy::SessionEvent> events,
                            const VaultLimits& limits, policy::Instant now);

}  // namespace session
