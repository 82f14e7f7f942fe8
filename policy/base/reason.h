#pragma once

// Why something was refused or went wrong, as data: one row per reason says what the client is
// told (a status, never a text), which audit event it raises and the word the audit line carries.

#include <cstdint>
#include <optional>
#include <string_view>

#include "policy/base/event.h"

namespace policy {

enum class Reason : std::uint8_t {
    None,

    // The request could not be read (RFC 9112, RFC 9110): answered and closed.
    BadRequestLine,
    UnknownMethod,
    MethodRefused,
    BadVersion,
    BadTarget,
    TargetTooLong,
    AmbiguousPath,
    BadFieldName,
    BadFieldValue,
    LineFolding,
    BareLineBreak,
    HeadTooLarge,
    TooManyFields,
    BadContentLength,
    ConflictingLengths,
    BadTransferEncoding,
    BadExpectation,
    BadHost,
    BadCookieHeader,
    BadConnectionHeader,
    BadChunk,
    BadForwarded,  // A listed proxy named a client that is no address.
    HeadTimeout,
    BodyTimeout,

    BadProxyHeader,  // Before TLS: there is nobody to answer.

    // The request was read and refused.
    UnknownHost,
    NoRoute,
    AmbiguousSessionCookie,
    LoginRequired,
    FreshLoginRequired,
    GroupRequired,
    DoorClosed,        // By the policy, for everybody.
    TooManySessions,   // The user has as many as one may have.
    TooManyStrangers,  // The network has as many sessions without a user as one may have.
    BindingMismatch,
    WriteCookieRequired,  // Only the cookie that links from elsewhere bring, too.
    CrossSite,            // What only our own pages may ask for.
    StepUpRequired,       // The session is trusted less than its login was worth.
    SessionLocked,        // It has just ended, because somebody else used it.

    // The session named by the cookie is not alive.
    ForgedId,
    UnknownId,
    IdleTimeout,
    AbsoluteTimeout,
    Revoked,
    LoggedOut,
    LoggedOutHere,  // At the gateway; the backend did not hear of it.
    Superseded,
    IdReused,      // An id of it that was replaced came back from elsewhere.
    LoginUnclear,  // A login may have happened in it that nobody could make sense of.
    BackendSessionLost,

    // Something behind the gateway failed.
    BackendUnreachable,
    BackendTimeout,
    BackendMalformed,
    BackendClosed,
    StoreUnavailable,
    StoreFull,
    StoreConflict,
    RandomUnavailable,

    AdminRefused,  // Somebody else's process at the admin socket.

    // The gateway or the client is leaving.
    Overloaded,
    ShuttingDown,
    ClientClosed,
    Timeout,
    Internal,
};

struct ReasonRow {
    Reason reason;
    int status;             // What the client is told; 0 when there is nobody left to tell.
    Event event;            // The audit event; Event::None when the exchange record is enough.
    std::string_view word;  // snake_case, stable: rules and dashboards match on it.
};

// The row of `reason`. Every enumerator has one; a test walks them all.
[[nodiscard]] const ReasonRow& describe(Reason reason);

[[nodiscard]] inline std::string_view word(Reason reason) {
    return describe(reason).word;
}

// The reason that has this word.
[[nodiscard]] std::optional<Reason> reason_of(std::string_view word);
[[nodiscard]] inline int status_of(Reason reason) {
    return describe(reason).status;
}

}  // namespace policy
