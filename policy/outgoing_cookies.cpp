// What crosses the gateway in Cookie and Set-Cookie.

#include "policy/base/text.h"
#include "policy/http/php_name.h"
#include "policy/http/set_cookie.h"
#include "policy/outgoing.h"

namespace policy {
namespace {

// The first rule for the name as it was sent or as PHP will read it.
CookieMode mode_of(const CookieRules& cookies, std::string_view name, std::string_view folded) {
    for (const auto& rule : cookies.rules) {
        if (matches_glob(rule.name, name)) return rule.mode;
        if (!folded.empty() && matches_glob(rule.name, folded)) return rule.mode;
    }
    return cookies.otherwise;
}

bool reaches_backend(std::string_view name, const CookieRules& cookies, const HeaderRules& rules) {
    // Other names are read differently by every backend: as this one without its blanks, say.
    if (!is_cookie_name(name)) return false;
    const auto folded = php_name(name);
    if (!folded.empty() && rules.is_own_cookie(folded)) return false;
    return is_released(mode_of(cookies, name, folded));
}

bool begins_with_host_prefix(std::string_view name) {
    constexpr std::string_view kPrefix = "__Host-";
    return equals_ignoring_case(name.substr(0, kPrefix.size()), kPrefix);
}

// The path of a cookie as the browser must know it: the one that covers the same requests. Nothing
// when no request from outside can bring it.
std::optional<std::string_view> public_cookie_path(const SetCookie& cookie,
                                                   const Crossing& crossing, Arena& arena) {
    const auto& mapping = crossing.backend.crossing.paths;
    const auto path = cookie.path.value_or(default_cookie_path(crossing.request.forwarded_path()));
    const std::string_view root = "/";
    const auto or_root = [root](const std::string& prefix) {
        return prefix.empty() ? root : std::string_view(prefix);
    };
    if (path_matches(or_root(mapping.backend_prefix), path)) return or_root(mapping.public_prefix);
    return mapping.to_public(path, arena);
}

// The line of a cookie for the browser; nothing when no request from outside can bring it back.
std::optional<std::string_view> release(const SetCookie& cookie, std::string_view line,
                                        CookieMode mode, const Crossing& crossing, Arena& arena) {
    if (mode == CookieMode::Harden) line = arena.keep(harden(cookie, line));
    if (mode == CookieMode::Readable) line = arena.keep(harden(cookie, line, Scripts::MayRead));
    // With that prefix a cookie has the path `/` or is none.
    const bool stays =
        crossing.backend.crossing.paths.changes_nothing() || begins_with_host_prefix(cookie.name);
    if (stays) return line;
    const auto path = public_cookie_path(cookie, crossing, arena);
    if (!path) return std::nullopt;
    return arena.keep(with_path(cookie, line, *path));
}

}  // namespace

OutgoingCookies outgoing_cookies(const Permit& permit, const RequestParts& parts,
                                 const HeaderRules& rules, Arena& arena) {
    OutgoingCookies outgoing;
    std::string passed;
    for (const auto& [name, text] : parts.cookies) {
        if (rules.is_own_cookie(name)) continue;
        if (!reaches_backend(name, permit.route().backend->cookies, rules)) {
            outgoing.refused.push_back(name);
            continue;
        }
        if (!passed.empty()) passed.append("; ");
        passed.append(name).append("=").append(text);
    }
    const bool both = !parts.vault.empty() && !passed.empty();
    outgoing.value = arena.join({parts.vault, both ? "; " : "", passed});
    return outgoing;
}

BackendCookies sort_cookies(const ResponseHead& head, const Crossing& crossing,
                            const HeaderRules& rules, Arena& arena) {
    BackendCookies sorted;
    for (const auto& [name, line] : head.fields) {
        if (!equals_ignoring_case(name, "Set-Cookie")) continue;
        const auto cookie = parse_set_cookie(line);
        if (!cookie) continue;  // A browser would ignore it; so does the vault.
        if (rules.is_own_cookie(cookie->name)) {
            sorted.findings.push_back({Event::BackendCookieConflict,
                                       Reason::None,
                                       Reaction::Observe,
                                       {{"cookie", std::string(cookie->name)}}});
            continue;
        }
        const auto mode = crossing.backend.cookies.mode_of(cookie->name);
        if (mode == CookieMode::Vault) sorted.vaulted.emplace_back(line);
        if (!is_released(mode)) continue;
        const auto released = release(*cookie, line, mode, crossing, arena);
        if (released) sorted.released.push_back(*released);
    }
    return sorted;
}

}  // namespace policy
