#include "policy/own_target.h"

#include "policy/base/text.h"
#include "policy/http/authority.h"
#include "policy/http/query.h"
#include "policy/http/target.h"

namespace policy {
namespace {

// What follows `http://` or `https://`, if one of them is there.
std::optional<std::string_view> after_scheme(std::string_view location) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (equals_ignoring_case(location.substr(0, scheme.size()), scheme))
            return location.substr(scheme.size());
    }
    return std::nullopt;
}

bool names_scheme(std::string_view location) {
    const auto colon = location.find(':');
    return colon < location.find_first_of("/?");
}

// RFC 3986 §5.2.2 without dot segments.
std::string resolved(std::string_view relative, const Target& base) {
    if (relative.empty()) return std::string(base.origin);
    if (relative.front() == '?') return std::string(base.raw_path).append(relative);
    const auto folder = base.raw_path.substr(0, base.raw_path.rfind('/') + 1);
    return std::string(folder).append(relative);
}

Destination on_host(std::string_view rest, const RequestFacts& request) {
    const auto end = std::min(rest.find_first_of("/?"), rest.size());
    const auto authority = parse_authority(rest.substr(0, end));
    const bool is_own = authority && authority->host.text() == request.host.text();
    const auto target = rest.substr(end);
    return {is_own, target.starts_with('/') ? std::string(target) : "/" + std::string(target)};
}

bool has_path(const Target& target, const NormalPath& path) {
    return target.path.text() == path.text() ||
           (target.folded && target.folded->text() == path.text());
}

}  // namespace

std::optional<Destination> destination(std::string_view location, const RequestFacts& request) {
    location = location.substr(0, location.find('#'));
    if (const auto rest = after_scheme(location)) return on_host(*rest, request);
    if (location.starts_with("//")) return on_host(location.substr(2), request);
    if (names_scheme(location)) return std::nullopt;
    if (location.starts_with('/')) return Destination{true, std::string(location)};
    return Destination{true, resolved(location, request.target)};
}

std::optional<std::string> own_target(std::string_view location, const RequestFacts& request) {
    auto leads_to = destination(location, request);
    if (!leads_to || !leads_to->is_own_host) return std::nullopt;
    return std::move(leads_to->target);
}

Match is_page(std::string_view target, std::string_view page) {
    const auto right = parse_target(page);
    if (!right) return Match::No;
    const auto left = parse_target(target);
    if (!left) return Match::Doubtful;
    if (!has_path(*left, right->path)) return Match::No;
    auto match = Match::Yes;
    auto query = right->query;
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        const auto name = form_decode(pair.substr(0, pair.find('=')));
        if (!name || pair.empty()) continue;
        const auto wanted = query_value(right->query, *name);
        const auto found = query_value(left->query, *name);
        const bool is_there = found.state == QueryValue::State::Present;
        if (found.state == QueryValue::State::Absent || (is_there && found.value != wanted.value))
            return Match::No;
        if (!is_there) match = Match::Doubtful;
    }
    return match;
}

}  // namespace policy
