#include "policy/outgoing.h"

#include <algorithm>
#include <array>

#include "policy/base/text.h"
#include "policy/decide.h"
#include "policy/http/nominations.h"
#include "policy/http/php_name.h"
#include "policy/http/set_cookie.h"

namespace policy {
namespace {

constexpr std::array<std::string_view, 4> kBanners{"Server", "X-Powered-By", "X-AspNet-Version",
                                                   "X-AspNetMvc-Version"};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view other) { return equals_ignoring_case(name, other); });
}

// Fields that we write ourselves, from values.
bool is_rewritten(std::string_view name) {
    static constexpr std::array<std::string_view, 4> kNames{"Host", "Cookie", "Content-Length",
                                                            "Expect"};
    return is_one_of(name, kNames);
}

std::string_view host_value(const RequestFacts& facts, Arena& arena) {
    if (!facts.port) return arena.keep(facts.host.text());
    return arena.join({facts.host.text(), ":", std::to_string(*facts.port)});
}

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
    if (!is_cookie_name(name) || rules.is_own_cookie(name)) return false;
    const auto folded = php_name(name);
    if (!folded.empty() && rules.is_own_cookie(folded)) return false;
    const auto mode = mode_of(cookies, name, folded);
    return mode == CookieMode::Pass || mode == CookieMode::Harden;
}

std::string_view cookie_value(const Permit& permit, const RequestParts& parts,
                              const HeaderRules& rules, Arena& arena) {
    std::string passed;
    for (const auto& [name, text] : parts.cookies) {
        if (!reaches_backend(name, permit.route().backend->cookies, rules)) continue;
        if (!passed.empty()) passed.append("; ");
        passed.append(name).append("=").append(text);
    }
    const bool both = !parts.vault.empty() && !passed.empty();
    return arena.join({parts.vault, both ? "; " : "", passed});
}

// RFC 7239 §6: an IPv6 address is bracketed, and with its colons it needs quoting.
std::string_view forwarded_value(const RequestFacts& facts, std::string_view client,
                                 std::string_view host, Arena& arena) {
    if (facts.client.is_v4())
        return arena.join({"for=", client, ";host=\"", host, "\";proto=https"});
    return arena.join({"for=\"[", client, "]\";host=\"", host, "\";proto=https"});
}

void add_forwarding(const RequestParts& parts, std::string_view host, Arena& arena,
                    FieldList& out) {
    const auto client = arena.keep(parts.facts.client.text());
    out.add("X-Forwarded-For", client);
    out.add("X-Forwarded-Proto", "https");
    out.add("X-Forwarded-Host", host);
    out.add("Forwarded", forwarded_value(parts.facts, client, host, arena));
    out.add("X-Request-Id", parts.request_id);
}

// Separated by commas; one within a name is encoded like all that is not plain.
std::string group_list(const SessionFacts& session) {
    std::string list;
    if (!session.groups) return list;
    for (const auto& group : *session.groups) {
        if (!list.empty()) list += ",";
        for (const char c : encode_for_header(group)) list += c == ',' ? "%2C" : std::string(1, c);
    }
    return list;
}

std::string identity_value(IdentityField field, const UserName& user, const SessionFacts& session) {
    switch (field) {
        case IdentityField::User:
            return encode_for_header(user.text());
        case IdentityField::Groups:
            return group_list(session);
        case IdentityField::Session:
            return std::string(session.handle);
        case IdentityField::AuthenticatedAt:
            break;
    }
    const auto since_epoch = session.authenticated_at.time_since_epoch();
    return std::to_string(std::chrono::floor<std::chrono::seconds>(since_epoch).count());
}

void add_identity(const Permit& permit, const SessionFacts& session, Arena& arena, FieldList& out) {
    const auto* user = user_for(permit.route(), session);
    if (!user) return;
    for (const auto& header : permit.route().identity)
        out.add(header.name, arena.keep(identity_value(header.field, *user, session)));
}

struct Stripped {
    std::size_t count = 0;
    std::string_view first;
};

// Copies what the client may say for itself.
Stripped copy_request_fields(const RequestHead& head, const ReservedNames& reserved,
                             FieldList& out) {
    Stripped stripped;
    const Nominations nominated(head.fields);
    for (const auto& [name, value] : head.fields) {
        if (reserved.contains(name)) {
            if (stripped.count++ == 0) stripped.first = name;
            continue;
        }
        if (!is_plain_name(name) || is_hop_by_hop(name) || is_rewritten(name)) continue;
        if (nominated.contains(name)) continue;
        out.add(name, value);
    }
    return stripped;
}

}  // namespace

Findings outgoing_request(const Permit& permit, const RequestParts& parts, const HeaderRules& rules,
                          Arena& arena, FieldList& out) {
    out.clear();
    const auto host = host_value(parts.facts, arena);
    out.add("Host", host);
    const auto stripped = copy_request_fields(parts.head, rules.reserved, out);
    const auto cookie = cookie_value(permit, parts, rules, arena);
    if (!cookie.empty()) out.add("Cookie", cookie);
    add_forwarding(parts, host, arena, out);
    add_identity(permit, parts.session, arena, out);

    if (stripped.count == 0) return {};
    return {Finding{
        Event::HeaderSpoofStripped,
        Reason::None,
        Reaction::Observe,
        {{"header", std::string(stripped.first)}, {"count", std::to_string(stripped.count)}}}};
}

BackendCookies sort_cookies(const ResponseHead& head, const CookieRules& cookies,
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
        switch (cookies.mode_of(cookie->name)) {
            case CookieMode::Vault:
                sorted.vaulted.emplace_back(line);
                break;
            case CookieMode::Pass:
                sorted.released.push_back(line);
                break;
            case CookieMode::Harden:
                sorted.released.push_back(arena.keep(harden(*cookie, line)));
                break;
            case CookieMode::Drop:
                break;
        }
    }
    return sorted;
}

void outgoing_response(const ResponseParts& parts, FieldList& out) {
    static constexpr std::array<std::string_view, 3> kCaching{"Cache-Control", "Expires", "Pragma"};
    out.clear();
    const Nominations nominated(parts.head.fields);
    // RFC 9110 §8.6: of the body that is not sent; 204 has none to tell of.
    const bool tells_length =
        parts.head.status == 304 || (parts.request == Method::Head && parts.head.status != 204);
    for (const auto& [name, value] : parts.head.fields) {
        if (is_hop_by_hop(name) || is_one_of(name, kBanners)) continue;
        if (equals_ignoring_case(name, "Set-Cookie")) continue;
        if (equals_ignoring_case(name, "Content-Length") && !tells_length) continue;
        if (!parts.own_cookie.empty() && is_one_of(name, kCaching)) continue;
        if (nominated.contains(name)) continue;
        out.add(name, value);
    }
    for (const auto line : parts.released) out.add("Set-Cookie", line);
    if (parts.own_cookie.empty()) return;
    out.add("Cache-Control", "no-store");
    out.add("Set-Cookie", parts.own_cookie);
}

}  // namespace policy
