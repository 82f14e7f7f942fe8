#include "policy/base/event.h"

#include <array>
#include <cstddef>

namespace policy {

namespace {

using enum Level;
using enum Outcome;

constexpr std::array kRows{
    EventRow{Event::None, "none", Info, Unknown},
    EventRow{Event::HttpExchange, "http_exchange", Info, Unknown},
    EventRow{Event::AuthnLoginSuccess, "authn_login_success", Info, Success},
    EventRow{Event::AuthnLoginFail, "authn_login_fail", Warn, Failure},
    EventRow{Event::AuthnLoginFailMax, "authn_login_fail_max", Warn, Failure},
    EventRow{Event::AuthnLoginUnclassified, "authn_login_unclassified", Warn, Unknown},
    EventRow{Event::AuthnLoginPending, "authn_login_pending", Info, Unknown},
    EventRow{Event::AuthnPrivilegeChange, "authn_privilege_change", Info, Unknown},
    EventRow{Event::AuthzFail, "authz_fail", Warn, Denied},
    EventRow{Event::AuthzAdmin, "authz_admin", Warn, Success},
    EventRow{Event::SessionCreated, "session_created", Info, Success},
    EventRow{Event::SessionExpired, "session_expired", Info, Success},
    EventRow{Event::SessionLogout, "session_logout", Info, Success},
    EventRow{Event::SessionRevoked, "session_revoked", Warn, Success},
    EventRow{Event::SessionUseAfterExpire, "session_use_after_expire", Warn, Denied},
    EventRow{Event::SessionIdRotated, "session_id_rotated", Info, Success},
    EventRow{Event::SessionIdReuse, "session_id_reuse", Critical, Denied},
    EventRow{Event::SessionDemoted, "session_demoted", Info, Success},
    EventRow{Event::SessionIdUnknown, "session_id_unknown", Warn, Denied},
    EventRow{Event::SessionIdForged, "session_id_forged", Warn, Denied},
    EventRow{Event::SessionCookieAmbiguous, "session_cookie_ambiguous", Warn, Denied},
    EventRow{Event::SessionBindMismatch, "session_bind_mismatch", Warn, Unknown},
    EventRow{Event::SessionStepupRequired, "session_stepup_required", Warn, Denied},
    EventRow{Event::SessionEnvironmentChange, "session_environment_change", Warn, Unknown},
    EventRow{Event::ExcessSessionsExceeded, "excess_sessions_exceeded", Warn, Denied},
    EventRow{Event::ExcessRateLimitExceeded, "excess_rate_limit_exceeded", Warn, Denied},
    EventRow{Event::InputValidationFail, "input_validation_fail", Warn, Denied},
    EventRow{Event::MaliciousCsrf, "malicious_csrf", Warn, Denied},
    EventRow{Event::HeaderSpoofStripped, "header_spoof_stripped", Warn, Denied},
    EventRow{Event::BackendCookieConflict, "backend_cookie_conflict", Warn, Denied},
    EventRow{Event::BackendCookieRefused, "backend_cookie_refused", Info, Denied},
    EventRow{Event::SessionIdInPath, "session_id_in_path", Info, Denied},
    EventRow{Event::HttpMalformed, "http_malformed", Warn, Denied},
    EventRow{Event::HostMismatch, "host_mismatch", Warn, Denied},
    EventRow{Event::BackendFail, "backend_fail", Warn, Failure},
    EventRow{Event::BackendLogout, "backend_logout", Info, Unknown},
    EventRow{Event::StoreUnavailable, "store_unavailable", Warn, Failure},
    EventRow{Event::StoreRecovered, "store_recovered", Info, Success},
    EventRow{Event::AuditLost, "audit_lost", Critical, Failure},
    EventRow{Event::SysStartup, "sys_startup", Info, Success},
    EventRow{Event::SysShutdown, "sys_shutdown", Info, Success},
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
