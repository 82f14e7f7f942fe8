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
    AuthzFail,
    SessionCreated,
    SessionExpired,
    SessionLogout,
    SessionRevoked,
    SessionUseAfterExpire,
    SessionIdRotated,
    SessionIdUnknown,
    SessionIdForged,
    SessionCookieAmbiguous,
    SessionBindMismatch,
    SessionEnvironmentChange,
    ExcessSessionsExceeded,
    ExcessRateLimitExceeded,
    InputValidationFail,
    HeaderSpoofStripped,
    BackendCookieConflict,
    HttpMalformed,
    HostMismatch,
    BackendFail,
    StoreUnavailable,
    AuditLost,
    SysStartup,
    SysShutdown,
};

enum class Level : std::uint8_t { Info, Warn, Critical };

struct EventRow {
    Event event;
    std::string_view name;  // As written in the audit line.
    Level level;
};

// The row of `event`. Every enumerator has one; a test walks them all.
[[nodiscard]] const EventRow& describe(Event event);

[[nodiscard]] inline std::string_view name(Event event) {
    return describe(event).name;
}

}  // namespace policy
