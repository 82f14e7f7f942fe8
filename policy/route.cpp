#include "policy/route.h"

#include <utility>

#include "policy/http/set_cookie.h"

namespace policy {

namespace {

const Route* first_covering(const std::vector<Route>& routes, const NormalPath& path) {
    for (const auto& route : routes) {
        if (route.path.covers(path)) return &route;
    }
    return nullptr;
}

}  // namespace

bool PathMatch::covers(const NormalPath& path) const {
    return kind == Kind::Exact ? path.text() == text : path.is_under(text);
}

RouteTable::RouteTable(std::vector<Route> routes) {
    for (auto& route : routes) {
        auto& same_host = by_host_[route.host];
        same_host.push_back(std::move(route));
    }
}

Result<const Route*> RouteTable::find(const HostName& host, const Target& target) const {
    const auto found = by_host_.find(host.text());
    if (found == by_host_.end()) return fail(Reason::UnknownHost);
    const auto* route = first_covering(found->second, target.path);
    if (!route) return fail(Reason::NoRoute);
    if (target.folded) {
        const auto* served = first_covering(found->second, *target.folded);
        const bool guarded = served && served->require.who != Requirement::Who::Anyone;
        if (guarded && served != route) return fail(Reason::AmbiguousPath);
    }
    return route;
}

std::vector<const Route*> RouteTable::with_login(std::string_view login) const {
    std::vector<const Route*> found;
    for (const auto& [host, routes] : by_host_) {
        const auto begin = static_cast<std::ptrdiff_t>(found.size());
        for (const auto& route : routes) {
            if (!route.login || route.login->name.text() != login) continue;
            const bool is_known =
                std::any_of(found.begin() + begin, found.end(),
                            [&](const Route* other) { return other->backend == route.backend; });
            if (!is_known) found.push_back(&route);
        }
    }
    return found;
}

bool RouteTable::has_host(const HostName& host) const {
    return by_host_.contains(host.text());
}

bool RouteTable::releases(std::string_view domain, std::string_view cookie_name) const {
    for (const auto& [host, routes] : by_host_) {
        if (!domain_matches(host, domain)) continue;
        for (const auto& route : routes) {
            if (is_released(route.backend->cookies.mode_of(cookie_name))) return true;
        }
    }
    return false;
}

}  // namespace policy
