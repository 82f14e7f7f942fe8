#pragma once

// The names of audit events: OWASP's logging vocabulary where it has a word, ours elsewhere
// (LOG-004). Names are stable; what varies goes into fields.

#include <cstdint>
#include <string_view>

namespace policy {

enum class Event : std::uint8_t {
    None,
    HttpExchange,  // One per exchange, whatever happened.
    AuthnLoginSuccess,
    AuthnLoginFail,
    AuthnLoginFailMax,
    AuthnLoginUnclassified,  // A login request whose answer no rule understands.
    AuthnLoginPending,       // The next request has to confirm it.
    AuthnPrivilegeChange,
    AuthzFail,
    AuthzAdmin,  // An administrator did something.
    SessionCreated,
    SessionExpired,
    SessionLogout,
    SessionRevoked,
    SessionUseAfterExpire,
    SessionIdRotated,
    SessionIdReuse,  // An id that was replaced came back: a thief's, or a victim's.
    SessionDemoted,  // The backend dropped its own session: the user is a stranger again.
    SessionIdUnknown,
    SessionIdForged,
    SessionCookieAmbiguous,
    SessionBindMismatch,
    SessionStepupRequired,
    SessionEnvironmentChange,
    ExcessSessionsExceeded,
    ExcessRateLimitExceeded,
    InputValidationFail,
    MaliciousCsrf,  // Asked for by a page that is not of the same origin.
    HeaderSpoofStripped,
    BackendCookieConflict,
    BackendCookieRefused,  // The browser sent a cookie under a name that only the backend may set.
    SessionIdInPath,       // `;jsessionid=` was taken out of a request's path.
    HttpMalformed,
    HostMismatch,
    BackendFail,
    BackendLogout,  // The backend was told that a session has ended.
    StoreUnavailable,
    StoreRecovered,
    AuditLost,
    SysStartup,
    SysShutdown,
};

// What came of it. Unknown: the event says what was seen, and the record of the exchange with the
// same request id what was done about it.
enum class Outcome : std::uint8_t { Success, Failure, Denied, Unknown };

enum class Level : std::uint8_t { Info, Warn, Critical };

struct EventRow {
    Event event;
    std::string_view name;  // As written in the audit line.
    Level level;
    Outcome outcome;
};

// The row of `event`. Every enumerator has one; a test walks them all.
[[nodiscard]] const EventRow& describe(Event event);

[[nodiscard]] inline std::string_view name(Event event) {
    return describe(event).name;
}

}  // namespace policy
