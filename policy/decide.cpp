#include "policy/decide.h"

#include <algorithm>

namespace policy {

class PermitMint {
    static Permit permit(const RequestFacts& request, const Route& route) {
        return {request.method, request.forwarded, route};
    }
    friend Decision decide(const RequestFacts&, const SessionFacts&, const Route&,
                           std::span<const Finding>, Instant);
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

}  // namespace

const UserName* user_for(const Route& route, const SessionFacts& session) {
    if (route.login && route.login->name.text() != session.login) return nullptr;
    return session.user;
}

Decision decide(const RequestFacts& request, const SessionFacts& session, const Route& route,
                std::span<const Finding> findings, Instant now) {
    if (session.refused == Reason::AmbiguousSessionCookie) return Deny{session.refused};

    const auto severe = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
        return finding.reaction == Reaction::Revoke;
    });
    if (severe != findings.end()) return Revoke{severe->reason};

    if (route.require.who == Requirement::Who::Anyone) return PermitMint::permit(request, route);

    // Backends fold `//` and `;` away, each in its own way: not where anything is at stake.
    if (request.target.is_ambiguous()) return Deny{Reason::AmbiguousPath};
    if (!user_for(route, session)) return ask_for_login(request, route, Reason::LoginRequired);
    if (!is_fresh(route.require, session.authenticated_at, now))
        return ask_for_login(request, route, Reason::FreshLoginRequired);
    return PermitMint::permit(request, route);
}

}  // namespace policy
