#include "policy/decide.h"

#include <algorithm>

#include "policy/request_match.h"

namespace policy {

class PermitMint {
    static Permit permit(const RequestFacts& request, const Route& route,
                         Permit::Identity identity) {
        return {request.method, request.forwarded, route, identity};
    }
    static Permit question(const Route& route, Method method, std::string_view target) {
        return {method, target, route, Permit::Identity::Withheld};
    }
    friend Decision decide(const RequestFacts&, const SessionFacts&, const Route&,
                           std::span<const Finding>, Instant);
    friend Permit permit_question(const Route&, std::string_view);
    friend Permit permit_logout(const Route&, std::string_view);
};

namespace {

Decision ask_for_login(const RequestFacts& request, const Route& route, Reason reason) {
    if (request.is_navigation && route.login && !route.login->page.empty())
        return SendToLogin{reason, route.login->page};
    return Deny{reason};
}

bool is_fresh(const Requirement& require, Instant authenticated_at, Instant now) {
    return !require.authenticated_within || now - authenticated_at < *require.authenticated_within;
}

// Doors that the policy closes for everybody; in doubt closed, too.
bool is_closed(const RequestFacts& request, const Route& route) {
    if (route.require.who == Requirement::Who::Nobody) return true;
    if (!route.login) return false;
    const auto& doors = route.login->closed;
    return std::any_of(doors.begin(), doors.end(), [&](const RequestPattern& door) {
        return match_head(door, request) != Match::No;
    });
}

bool is_in_group(const Requirement& require, const SessionFacts& session) {
    if (require.groups.empty()) return true;
    return session.groups &&
           std::any_of(require.groups.begin(), require.groups.end(), [&](const auto& wanted) {
               return std::find(session.groups->begin(), session.groups->end(), wanted) !=
                      session.groups->end();
           });
}

// The mark of distrust is kept only after this request: it must not be the last that tells who
// the user is.
Permit::Identity identity_after(const Finding* severe) {
    const bool lowers_trust = severe && severe->reaction >= Reaction::StepUp;
    return lowers_trust ? Permit::Identity::Withheld : Permit::Identity::Told;
}

const Finding* most_severe(std::span<const Finding> findings) {
    const auto most = std::max_element(
        findings.begin(), findings.end(),
        [](const Finding& left, const Finding& right) { return left.reaction < right.reaction; });
    return most == findings.end() ? nullptr : &*most;
}

}  // namespace

Permit permit_question(const Route& route, std::string_view target) {
    return PermitMint::question(route, Method::Get, target);
}

Permit permit_logout(const Route& route, std::string_view target) {
    return PermitMint::question(route, route.login->backend_logout->method, target);
}

const UserName* user_for(const Route& route, const SessionFacts& session) {
    if (session.needs_step_up) return nullptr;
    if (route.login && route.login->name.text() != session.login) return nullptr;
    return session.user;
}

Decision decide(const RequestFacts& request, const SessionFacts& session, const Route& route,
                std::span<const Finding> findings, Instant now) {
    if (session.refused == Reason::AmbiguousSessionCookie) return Deny{session.refused};

    const auto* severe = most_severe(findings);
    if (severe && severe->reaction == Reaction::Revoke) return Revoke{severe->reason};

    if (is_closed(request, route)) return Deny{Reason::DoorClosed};
    const bool needs_write_cookie = !session.handle.empty() && !is_safe(request.method);
    if (needs_write_cookie && !session.may_write) return Deny{Reason::WriteCookieRequired};
    if (route.require.who == Requirement::Who::Anyone)
        return PermitMint::permit(request, route, identity_after(severe));

    // Backends fold `//` and `;` away, each in its own way: not where anything is at stake.
    if (request.target.is_ambiguous()) return Deny{Reason::AmbiguousPath};
    if (severe && severe->reaction == Reaction::Lock)
        return ask_for_login(request, route, Reason::SessionLocked);
    const bool steps_up = severe && severe->reaction == Reaction::StepUp;
    if (session.user && (session.needs_step_up || steps_up))
        return ask_for_login(request, route, Reason::StepUpRequired);
    if (!user_for(route, session)) return ask_for_login(request, route, Reason::LoginRequired);
    if (!is_fresh(route.require, session.authenticated_at, now))
        return ask_for_login(request, route, Reason::FreshLoginRequired);
    if (!is_in_group(route.require, session)) return Deny{Reason::GroupRequired};
    return PermitMint::permit(request, route, identity_after(severe));
}

}  // namespace policy
