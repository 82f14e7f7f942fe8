#include "policy/base/event.h"

#include <array>
#include <cstddef>

namespace policy {

namespace {

constexpr std::array kRows{
    EventRow{Event::None, "none", Level::Info},
    EventRow{Event::HttpExchange, "http_exchange", Level::Info},
    EventRow{Event::AuthnLoginSuccess, "authn_login_success", Level::Info},
    EventRow{Event::AuthnLoginFail, "authn_login_fail", Level::Warn},
    EventRow{Event::AuthnLoginFailMax, "authn_login_fail_max", Level::Warn},
    EventRow{Event::AuthnLoginUnclassified, "authn_login_unclassified", Level::Warn},
    EventRow{Event::AuthzFail, "authz_fail", Level::Warn},
    EventRow{Event::SessionCreated, "session_created", Level::Info},
    EventRow{Event::SessionExpired, "session_expired", Level::Info},
    EventRow{Event::SessionLogout, "session_logout", Level::Info},
    EventRow{Event::SessionRevoked, "session_revoked", Level::Critical},
    EventRow{Event::SessionUseAfterExpire, "session_use_after_expire", Level::Warn},
    EventRow{Event::SessionIdRotated, "session_id_rotated", Level::Info},
    EventRow{Event::SessionIdUnknown, "session_id_unknown", Level::Warn},
    EventRow{Event::SessionIdForged, "session_id_forged", Level::Warn},
    EventRow{Event::SessionCookieAmbiguous, "session_cookie_ambiguous", Level::Warn},
    EventRow{Event::SessionBindMismatch, "session_bind_mismatch", Level::Warn},
    EventRow{Event::SessionEnvironmentChange, "session_environment_change", Level::Warn},
    EventRow{Event::ExcessSessionsExceeded, "excess_sessions_exceeded", Level::Warn},
    EventRow{Event::ExcessRateLimitExceeded, "excess_rate_limit_exceeded", Level::Warn},
    EventRow{Event::InputValidationFail, "input_validation_fail", Level::Warn},
    EventRow{Event::HeaderSpoofStripped, "header_spoof_stripped", Level::Warn},
    EventRow{Event::BackendCookieConflict, "backend_cookie_conflict", Level::Warn},
    EventRow{Event::HttpMalformed, "http_malformed", Level::Warn},
    EventRow{Event::HostMismatch, "host_mismatch", Level::Warn},
    EventRow{Event::BackendFail, "backend_fail", Level::Warn},
    EventRow{Event::StoreUnavailable, "store_unavailable", Level::Warn},
    EventRow{Event::AuditLost, "audit_lost", Level::Critical},
    EventRow{Event::SysStartup, "sys_startup", Level::Info},
    EventRow{Event::SysShutdown, "sys_shutdown", Level::Info},
};

constexpr bool rows_stand_at_their_enumerator() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (static_cast<std::size_t>(kRows[i].event) != i) return false;
    }
    return true;
}
static_assert(rows_stand_at_their_enumerator());

}  // namespace

const EventRow& describe(Event event) {
    return kRows[static_cast<std::size_t>(event)];
}

}  // namespace policy
