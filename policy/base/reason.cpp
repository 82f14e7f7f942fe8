#include "policy/base/reason.h"

#include <array>
#include <cstddef>

namespace policy {

namespace {

constexpr std::array kRows{
    ReasonRow{Reason::None, 0, Event::None, "none"},

    ReasonRow{Reason::BadRequestLine, 400, Event::HttpMalformed, "bad_request_line"},
    ReasonRow{Reason::UnknownMethod, 501, Event::HttpMalformed, "unknown_method"},
    ReasonRow{Reason::MethodRefused, 405, Event::HttpMalformed, "method_refused"},
    ReasonRow{Reason::BadVersion, 505, Event::HttpMalformed, "bad_version"},
    ReasonRow{Reason::BadTarget, 400, Event::HttpMalformed, "bad_target"},
    ReasonRow{Reason::TargetTooLong, 414, Event::HttpMalformed, "target_too_long"},
    ReasonRow{Reason::AmbiguousPath, 400, Event::HttpMalformed, "ambiguous_path"},
    ReasonRow{Reason::BadFieldName, 400, Event::HttpMalformed, "bad_field_name"},
    ReasonRow{Reason::BadFieldValue, 400, Event::HttpMalformed, "bad_field_value"},
    ReasonRow{Reason::LineFolding, 400, Event::HttpMalformed, "line_folding"},
    ReasonRow{Reason::BareLineBreak, 400, Event::HttpMalformed, "bare_line_break"},
    ReasonRow{Reason::HeadTooLarge, 431, Event::HttpMalformed, "head_too_large"},
    ReasonRow{Reason::TooManyFields, 431, Event::HttpMalformed, "too_many_fields"},
    ReasonRow{Reason::BadContentLength, 400, Event::HttpMalformed, "bad_content_length"},
    ReasonRow{Reason::ConflictingLengths, 400, Event::HttpMalformed, "conflicting_lengths"},
    ReasonRow{Reason::BadTransferEncoding, 400, Event::HttpMalformed, "bad_transfer_encoding"},
    ReasonRow{Reason::BadExpectation, 417, Event::HttpMalformed, "bad_expectation"},
    ReasonRow{Reason::BadHost, 400, Event::HttpMalformed, "bad_host"},
    ReasonRow{Reason::BadCookieHeader, 400, Event::HttpMalformed, "bad_cookie_header"},
    ReasonRow{Reason::BadConnectionHeader, 400, Event::HttpMalformed, "bad_connection_header"},
    ReasonRow{Reason::BadChunk, 400, Event::HttpMalformed, "bad_chunk"},
    ReasonRow{Reason::BadForwarded, 400, Event::HttpMalformed, "bad_forwarded"},
    ReasonRow{Reason::HeadTimeout, 408, Event::None, "head_timeout"},
    ReasonRow{Reason::BodyTimeout, 408, Event::None, "body_timeout"},
    ReasonRow{Reason::BadProxyHeader, 0, Event::HttpMalformed, "bad_proxy_header"},

    ReasonRow{Reason::UnknownHost, 404, Event::HostMismatch, "unknown_host"},
    ReasonRow{Reason::NoRoute, 404, Event::AuthzFail, "no_route"},
    ReasonRow{Reason::AmbiguousSessionCookie, 400, Event::SessionCookieAmbiguous,
              "ambiguous_session_cookie"},
    ReasonRow{Reason::LoginRequired, 401, Event::AuthzFail, "login_required"},
    ReasonRow{Reason::FreshLoginRequired, 401, Event::AuthzFail, "fresh_login_required"},
    ReasonRow{Reason::GroupRequired, 403, Event::AuthzFail, "group_required"},
    ReasonRow{Reason::DoorClosed, 403, Event::AuthzFail, "door_closed"},
    ReasonRow{Reason::TooManySessions, 403, Event::ExcessSessionsExceeded, "too_many_sessions"},
    ReasonRow{Reason::TooManyStrangers, 429, Event::ExcessSessionsExceeded, "too_many_strangers"},
    ReasonRow{Reason::BindingMismatch, 401, Event::SessionBindMismatch, "binding_mismatch"},
    ReasonRow{Reason::WriteCookieRequired, 403, Event::MaliciousCsrf, "write_cookie_required"},
    ReasonRow{Reason::CrossSite, 403, Event::MaliciousCsrf, "cross_site"},
    ReasonRow{Reason::StepUpRequired, 401, Event::SessionStepupRequired, "step_up_required"},
    ReasonRow{Reason::SessionLocked, 401, Event::SessionBindMismatch, "session_locked"},

    ReasonRow{Reason::ForgedId, 401, Event::SessionIdForged, "forged_id"},
    ReasonRow{Reason::UnknownId, 401, Event::SessionIdUnknown, "unknown_id"},
    ReasonRow{Reason::IdleTimeout, 401, Event::SessionExpired, "idle_timeout"},
    ReasonRow{Reason::AbsoluteTimeout, 401, Event::SessionExpired, "absolute_timeout"},
    ReasonRow{Reason::Revoked, 401, Event::SessionUseAfterExpire, "revoked"},
    ReasonRow{Reason::LoggedOut, 401, Event::SessionUseAfterExpire, "logged_out"},
    ReasonRow{Reason::LoggedOutHere, 401, Event::SessionUseAfterExpire, "logged_out_here"},
    ReasonRow{Reason::Superseded, 401, Event::SessionUseAfterExpire, "superseded"},
    ReasonRow{Reason::IdReused, 401, Event::SessionUseAfterExpire, "id_reused"},
    ReasonRow{Reason::LoginUnclear, 401, Event::SessionUseAfterExpire, "login_unclear"},
    ReasonRow{Reason::BackendSessionLost, 401, Event::SessionUseAfterExpire,
              "backend_session_lost"},

    ReasonRow{Reason::BackendUnreachable, 502, Event::BackendFail, "backend_unreachable"},
    ReasonRow{Reason::BackendTimeout, 504, Event::BackendFail, "backend_timeout"},
    ReasonRow{Reason::BackendMalformed, 502, Event::BackendFail, "backend_malformed"},
    ReasonRow{Reason::BackendClosed, 502, Event::BackendFail, "backend_closed"},
    ReasonRow{Reason::StoreUnavailable, 503, Event::StoreUnavailable, "store_unavailable"},
    ReasonRow{Reason::StoreFull, 503, Event::ExcessSessionsExceeded, "store_full"},
    ReasonRow{Reason::StoreConflict, 503, Event::StoreUnavailable, "store_conflict"},
    ReasonRow{Reason::RandomUnavailable, 503, Event::StoreUnavailable, "random_unavailable"},
    ReasonRow{Reason::AdminRefused, 0, Event::AuthzFail, "admin_refused"},

    ReasonRow{Reason::Overloaded, 503, Event::None, "overloaded"},
    ReasonRow{Reason::ShuttingDown, 503, Event::None, "shutting_down"},
    ReasonRow{Reason::ClientClosed, 0, Event::None, "client_closed"},
    ReasonRow{Reason::Timeout, 0, Event::None, "timeout"},
    ReasonRow{Reason::Internal, 500, Event::None, "internal"},
};

constexpr bool rows_stand_at_their_enumerator() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (static_cast<std::size_t>(kRows[i].reason) != i) return false;
    }
    return true;
}
static_assert(rows_stand_at_their_enumerator());

}  // namespace

const ReasonRow& describe(Reason reason) {
    return kRows[static_cast<std::size_t>(reason)];
}

std::optional<Reason> reason_of(std::string_view word) {
    for (const auto& row : kRows) {
        if (row.word == word) return row.reason;
    }
    return std::nullopt;
}

}  // namespace policy
