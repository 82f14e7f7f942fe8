#pragma once

// What the browser holds: one cookie with the session's token, and where the policy wants it a
// second one without which nothing can be changed. Issued and cleared by the same builder, so that
// attributes always match, and always as the policy says now (CKI-001 to CKI-007, CKI-011).

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "policy/http/cookie.h"
#include "policy/http/set_cookie.h"
#include "session/id.h"
#include "session/keyring.h"
#include "session/token.h"

namespace session {

struct CookieSettings {
    std::string name = "__Host-Http-session";
    policy::SameSite same_site = policy::SameSite::Lax;

    // Whether the browser keeps it when it is closed: as long as the session may still live.
    bool is_persistent = false;
    bool is_rolling = false;  // Issued again with every answer.
    double renew_at = 0.5;    // Else a persistent one is, after this share of its lifetime.

    // A second cookie, SameSite=Strict, without which unsafe methods are refused (CKI-011).
    bool has_write_cookie = false;
};

// What a request says about a session.
struct Presented {
    enum class Kind : std::uint8_t {
        Nothing,
        Ambiguous,  // More than one of our name.
        Forged,     // Not ours: wrong form or wrong tag. The store is not asked.
        Genuine,
    };
    Kind kind = Kind::Nothing;
    std::optional<Ticket> ticket;  // Only when Genuine.
    bool under_old_key = false;
    bool may_write = true;  // False when the second cookie is wanted and is not there.
};

class CookieFormat {
public:
    CookieFormat(CookieSettings settings, KeyRing keys);

    [[nodiscard]] const std::string& name() const { return settings_.name; }
    [[nodiscard]] const CookieSettings& settings() const { return settings_; }

    // True for our names in any spelling a backend or server might fold together: without case,
    // with or without `__Host-`, `__Secure-` and `Http-` prefixes (CKI-008, CKI-006).
    [[nodiscard]] bool resembles_ours(std::string_view cookie_name) const;

    [[nodiscard]] Presented read(std::span<const policy::CookiePair> cookies,
                                 std::string_view host) const;

    // For clients without cookies: the token as the value of a header field of theirs.
    [[nodiscard]] Presented read_header(std::string_view value, std::string_view host) const;
    [[nodiscard]] std::string header_value(const FamilyId& family, const SessionId& id,
                                           std::string_view host) const;

    // Without a lifetime the cookie lasts until the browser is closed.
    using Lifetime = std::optional<std::chrono::seconds>;

    // Values of Set-Cookie fields.
    [[nodiscard]] std::string issue(const FamilyId& family, const SessionId& id,
                                    std::string_view host, Lifetime lifetime = {}) const;
    [[nodiscard]] std::string clear() const;

    // What a store has the browser keep beside its cookie, under a name of its own; empty to find
    // none.
    [[nodiscard]] std::string_view read_kept(std::span<const policy::CookiePair> cookies) const;
    [[nodiscard]] std::string issue_kept(std::string_view kept, Lifetime lifetime = {}) const;
    [[nodiscard]] std::string clear_kept() const;

    // The same for the second cookie; only where the policy wants one.
    [[nodiscard]] std::string issue_write(const FamilyId& family, const SessionId& id,
                                          std::string_view host, Lifetime lifetime = {}) const;
    [[nodiscard]] std::string clear_write() const;

private:
    [[nodiscard]] std::string build(std::string_view name, std::string_view value,
                                    policy::SameSite same_site, Lifetime lifetime) const;

    CookieSettings settings_;
    std::string write_name_;
    std::string kept_name_;
    std::string bare_name_;  // As resembles_ours() folds names.
    std::string bare_write_name_;
    std::string bare_kept_name_;
    TokenFormat tokens_;
};

}  // namespace session
