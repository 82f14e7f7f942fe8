#include <algorithm>

#include "config/decode.h"
#include "config/rows.h"
#include "policy/base/text.h"
#include "policy/http/authority.h"
#include "policy/http/reserved_names.h"

namespace config {

namespace {

using policy::IdentityField;
using policy::PathMatch;
using policy::Requirement;

constexpr Choices<IdentityField, 4> kIdentityFields{
    {{"user", IdentityField::User},
     {"groups", IdentityField::Groups},
     {"session", IdentityField::Session},
     {"authenticated_at", IdentityField::AuthenticatedAt}}};
constexpr Choices<Requirement::Who, 1> kUsers{{{"any", Requirement::Who::AnyUser}}};
constexpr Choices<policy::Transport, 2> kTransports{
    {{"cookie", policy::Transport::Cookie}, {"header", policy::Transport::Header}}};
constexpr Choices<bool, 2> kActivity{{{"counts", true}, {"ignored", false}}};
constexpr Choices<bool, 2> kCaching{{{"protect", false}, {"leave", true}}};
constexpr Range<policy::Duration> kFreshness{std::chrono::seconds(1), std::chrono::hours(24 * 30)};

// What a message means hangs on these, or Sallyport writes them itself.
constexpr std::array<std::string_view, 26> kTaken{"host",
                                                  "cookie",
                                                  "set-cookie",
                                                  "content-length",
                                                  "content-type",
                                                  "content-range",
                                                  "expect",
                                                  "authorization",
                                                  "content-encoding",
                                                  "date",
                                                  "range",
                                                  "origin",
                                                  "referer",
                                                  "user-agent",
                                                  "accept",
                                                  "accept-charset",
                                                  "accept-encoding",
                                                  "accept-language",
                                                  "via",
                                                  "forwarded",
                                                  "x-forwarded-for",
                                                  "x-forwarded-host",
                                                  "x-forwarded-port",
                                                  "x-forwarded-proto",
                                                  "x-request-id",
                                                  "location"};

void decode_host(const Value& value, std::string& host) {
    const auto text = value.text();
    if (!text) return;
    const auto authority = policy::parse_authority(*text);
    if (!authority || authority->port) {
        value.complain("must be a host name without scheme, port and wildcard");
        return;
    }
    host = authority->host.text();
}

void decode_match(const Value& value, PathMatch::Kind kind, PathDraft& path) {
    path.kind = kind;
    path.path = decode_path(value).path;
}

void decode_required_groups(const Value& value, std::vector<std::string>& groups) {
    each_of(value, [&groups](const Value& item) {
        if (auto text = item.text()) groups.push_back(std::move(*text));
    });
    if (value.is_list() && value.is_empty()) value.complain("is empty, and nobody is in no group");
}

void decode_require(const Value& value, Requirement& require) {
    if (value.is_word("nothing")) return;
    if (value.is_word("nobody")) {
        require.who = Requirement::Who::Nobody;
        return;
    }
    if (!value.is_map()) {
        value.complain("must be `nothing`, `nobody` or `{ user: any }`");
        return;
    }
    value.read_keys({
        {"user", choice_into(require.who, kUsers), Need::Required},
        {"authenticated_within", duration_into(require.authenticated_within, kFreshness)},
        {"group", [&](const Value& part) { decode_required_groups(part, require.groups); }},
    });
}

void decode_path_rule(const Value& value, RouteDraft& route) {
    PathDraft path;
    path.place = value.place();
    value.read_keys({
        {"prefix", [&](const Value& part) { decode_match(part, PathMatch::Kind::Prefix, path); }},
        {"exact", [&](const Value& part) { decode_match(part, PathMatch::Kind::Exact, path); }},
        {"require", [&](const Value& part) { decode_require(part, path.require); }, Need::Required},
        {"session_in", choice_into(path.transport, kTransports)},
        {"activity", choice_into(path.is_activity, kActivity)},
        {"cache", choice_into(path.is_cacheable, kCaching)},
    });
    if (value.is_map() && value.find("prefix").has_value() == value.find("exact").has_value()) {
        value.complain("needs either prefix or exact");
    }
    route.paths.push_back(std::move(path));
}

void decode_paths(const Value& value, RouteDraft& route) {
    value.each_item([&route](const Value& item) { decode_path_rule(item, route); });
    if (value.is_list() && route.paths.empty()) value.complain("needs at least one path");
}

void decode_identity_header(const Value& value, RouteDraft& route) {
    constexpr std::size_t kLongest = 64;
    policy::IdentityHeader header{std::string(value.key()), IdentityField::User};
    const auto is_same = [&header](const policy::IdentityHeader& other) {
        return policy::equals_ignoring_case(header.name, other.name);
    };
    if (!policy::is_plain_name(header.name) || header.name.size() > kLongest) {
        value.complain("is no header name of at most 64 letters, digits and `-`");
    } else if (is_taken(header.name)) {
        value.complain("is a header that has a meaning of its own");
    } else if (std::any_of(route.identity.begin(), route.identity.end(), is_same)) {
        value.complain("is the same header as an earlier one");
    }
    choice_into(header.field, kIdentityFields)(value);
    route.identity.push_back(std::move(header));
}

void decode_identity(const Value& value, RouteDraft& route) {
    value.read_keys({
        {"headers",
         [&](const Value& headers) {
             headers.each_entry([&](const Value& entry) { decode_identity_header(entry, route); });
         },
         Need::Required},
    });
}

Row placed_text_into(PlacedText& target) {
    return [&target](const Value& value) {
        if (auto text = value.text()) target = {std::move(*text), value.place()};
    };
}

void decode_route(const Value& value, Draft& draft) {
    RouteDraft route;
    route.place = value.place();
    PlacedText login;
    value.read_keys({
        {"host", [&](const Value& part) { decode_host(part, route.host); }, Need::Required},
        {"paths", [&](const Value& part) { decode_paths(part, route); }, Need::Required},
        {"backend", placed_text_into(route.backend), Need::Required},
        {"login", placed_text_into(login)},
        {"identity", [&](const Value& part) { decode_identity(part, route); }},
    });
    if (value.find("login")) route.login = std::move(login);
    draft.routes.push_back(std::move(route));
}

}  // namespace

bool is_taken(std::string_view name) {
    return policy::is_hop_by_hop(name) ||
           std::find(kTaken.begin(), kTaken.end(), policy::ascii_lower(name)) != kTaken.end();
}

void decode_routes(const Value& value, Draft& draft) {
    value.each_item([&draft](const Value& item) { decode_route(item, draft); });
    if (value.is_list() && draft.routes.empty()) value.complain("needs at least one route");
}

}  // namespace config
