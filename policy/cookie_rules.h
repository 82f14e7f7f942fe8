#pragma once

// What happens to the cookies of a backend, by name.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

enum class CookieMode : std::uint8_t {
    Vault,     // Kept in the session, never shown to the browser.
    Harden,    // Passed on with Secure, HttpOnly and SameSite added, Domain removed.
    Readable,  // The same without HttpOnly: scripts of the page read it.
    Pass,      // Passed on as it is.
    Drop,      // Neither kept nor passed on, in both directions.
};

// The browser holds such cookies, and what it sends of them reaches the backend.
[[nodiscard]] constexpr bool is_released(CookieMode mode) {
    return mode == CookieMode::Harden || mode == CookieMode::Readable || mode == CookieMode::Pass;
}

struct CookieRule {
    std::string name;  // Glob.
    CookieMode mode = CookieMode::Vault;
};

struct CookieRules {
    std::vector<CookieRule> rules;  // The first match counts.
    CookieMode otherwise = CookieMode::Vault;

    [[nodiscard]] CookieMode mode_of(std::string_view name) const;

    // Whether a rule names it: then it is the backend's, and nobody else's by chance.
    [[nodiscard]] bool has_rule_for(std::string_view name) const;
};

}  // namespace policy
