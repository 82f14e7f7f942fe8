#pragma once

// The one cookie that the browser holds: `v1.<key id>.<family>.<id>.<tag>`, of 22, 43 and 22
// characters of base64url behind the key id. The family never changes and grants nothing; the id is
// the secret.
// Its tag also covers the host it was made for, so a cookie carried from one application to
// another behind the same gateway is a forged one. Issued and cleared by the same builder, so
// that attributes always match (CKI-001 to CKI-007, SID-006).

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

namespace session {

struct CookieSettings {
    std::string name = "__Host-Http-session";
    policy::SameSite same_site = policy::SameSite::Lax;
};

// What a genuine cookie stands for.
struct Ticket {
    FamilyId family;
    SessionId id;
};

// What the request's cookies say about a session.
struct Presented {
    enum class Kind : std::uint8_t {
        Nothing,
        Ambiguous,  // More than one cookie of our name.
        Forged,     // Not ours: wrong form or wrong tag. The store is not asked.
        Genuine,
    };
    Kind kind = Kind::Nothing;
    std::optional<Ticket> ticket;  // Only when Genuine.
    bool under_old_key = false;
};

class CookieFormat {
public:
    CookieFormat(CookieSettings settings, KeyRing keys);

    [[nodiscard]] const std::string& name() const { return settings_.name; }

    // True for our name in any spelling a backend or server might fold together: without case,
    // with or without `__Host-`, `__Secure-` and `Http-` prefixes (CKI-008, CKI-006).
    [[nodiscard]] bool resembles_ours(std::string_view cookie_name) const;

    [[nodiscard]] Presented read(std::span<const policy::CookiePair> cookies,
                                 std::string_view host) const;

    // Values of Set-Cookie fields.
    [[nodiscard]] std::string issue(const FamilyId& family, const SessionId& id,
                                    std::string_view host) const;
    [[nodiscard]] std::string clear() const;

private:
    [[nodiscard]] Presented read_value(std::string_view value, std::string_view host) const;
    enum class Lifetime { BrowserSession, Over };
    [[nodiscard]] std::string build(std::string_view value, Lifetime lifetime) const;

    CookieSettings settings_;
    std::string bare_name_;  // As resembles_ours() folds names.
    KeyRing keys_;
};

}  // namespace session
