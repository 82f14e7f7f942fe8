#include "policy/outgoing.h"

#include <algorithm>
#include <array>

#include "policy/base/text.h"
#include "policy/decide.h"
#include "policy/http/nominations.h"

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
    if (permit.identity() == Permit::Identity::Withheld) return;
    const auto* user = user_for(permit.route(), session);
    if (!user) return;
    for (const auto& header : permit.route().identity)
        out.add(header.name, arena.keep(identity_value(header.field, *user, session)));
}

struct Stripped {
    std::size_t count = 0;
    std::string_view first;
};

bool names_origin(std::string_view name) {
    return equals_ignoring_case(name, "Origin") || equals_ignoring_case(name, "Referer");
}

// Copies what the client may say for itself.
Stripped copy_request_fields(const RequestHead& head, const Crossing& crossing,
                             const HeaderRules& rules, Arena& arena, FieldList& out) {
    Stripped stripped;
    const Nominations nominated(head.fields);
    const bool translates = crossing.backend.crossing.origin == CrossingRules::Mode::Rewrite;
    for (const auto& [name, value] : head.fields) {
        if (rules.reserved.contains(name)) {
            if (stripped.count++ == 0) stripped.first = name;
            continue;
        }
        if (!is_plain_name(name) || is_hop_by_hop(name) || is_rewritten(name)) continue;
        if (nominated.contains(name)) continue;
        const bool is_origin = translates && names_origin(name);
        out.add(name, is_origin ? backend_origin(value, crossing, arena) : value);
    }
    return stripped;
}

Finding spoof_stripped(const Stripped& stripped) {
    return {Event::HeaderSpoofStripped,
            Reason::None,
            Reaction::Observe,
            {{"header", std::string(stripped.first)}, {"count", std::to_string(stripped.count)}}};
}

bool names_address(std::string_view name) {
    return equals_ignoring_case(name, "Location") || equals_ignoring_case(name, "Refresh") ||
           equals_ignoring_case(name, "Content-Location");
}

// Nothing when the browser must not be told.
std::optional<std::string_view> public_address(const Field& field, const Crossing& crossing,
                                               Arena& arena) {
    if (equals_ignoring_case(field.name, "Refresh"))
        return public_refresh(field.value, crossing, arena);
    return public_location(field.value, crossing, arena);
}

// What we say the backend must not say beside us; Set-Cookie is sorted before.
bool says_own(const ResponseParts& parts, std::string_view name) {
    if (!parts.session_header.empty() && equals_ignoring_case(parts.session_header, name))
        return true;
    return std::any_of(parts.own_fields.begin(), parts.own_fields.end(),
                       [&](const auto& own) { return equals_ignoring_case(own.name, name); });
}

}  // namespace

Finding cookie_refused(std::span<const std::string_view> names) {
    return {Event::BackendCookieRefused,
            Reason::None,
            Reaction::Observe,
            {{"cookies", list_names(names)}, {"count", std::to_string(names.size())}}};
}

OutgoingRequest outgoing_request(const Permit& permit, const RequestParts& parts,
                                 const HeaderRules& rules, Arena& arena, FieldList& out) {
    out.clear();
    const Crossing crossing{*permit.route().backend, parts.facts, rules.path_parameters};
    const auto host = public_authority(parts.facts, arena);
    const bool preserves_host = !crossing.backend.crossing.host;
    out.add("Host", preserves_host ? host : backend_authority(crossing, arena));
    const auto stripped = copy_request_fields(parts.head, crossing, rules, arena, out);
    auto cookies = outgoing_cookies(permit, parts, rules, arena);
    if (!cookies.value.empty()) out.add("Cookie", cookies.value);
    add_forwarding(parts, host, arena, out);
    add_identity(permit, parts.session, arena, out);

    OutgoingRequest outgoing{{}, std::move(cookies.refused)};
    if (stripped.count > 0) outgoing.findings.push_back(spoof_stripped(stripped));
    return outgoing;
}

void outgoing_response(const ResponseParts& parts, Arena& arena, FieldList& out) {
    static constexpr std::array<std::string_view, 3> kCaching{"Cache-Control", "Expires", "Pragma"};
    out.clear();
    const bool is_personal = !parts.own_cookie.empty() || !parts.removals.empty() ||
                             !parts.own_fields.empty() || parts.is_private;
    const Nominations nominated(parts.head.fields);
    // RFC 9110 §8.6: of the body that is not sent; 204 has none to tell of.
    const bool tells_length =
        parts.head.status == 304 || (parts.request == Method::Head && parts.head.status != 204);
    for (const auto& [name, value] : parts.head.fields) {
        if (is_hop_by_hop(name) || is_one_of(name, kBanners)) continue;
        if (equals_ignoring_case(name, "Set-Cookie")) continue;
        if (equals_ignoring_case(name, "Content-Length") && !tells_length) continue;
        if (is_personal && is_one_of(name, kCaching)) continue;
        if (nominated.contains(name) || says_own(parts, name)) continue;
        if (!parts.crossing || !names_address(name)) {
            out.add(name, value);
        } else if (const auto told = public_address({name, value}, *parts.crossing, arena)) {
            out.add(name, *told);
        }
    }
    for (const auto line : parts.released) out.add("Set-Cookie", line);
    for (const auto& line : parts.removals) out.add("Set-Cookie", line);
    if (is_personal) out.add("Cache-Control", "no-store");
    if (!parts.own_cookie.empty()) out.add("Set-Cookie", parts.own_cookie);
    for (const auto& [name, value] : parts.own_fields) out.add(name, value);
}

}  // namespace policy
