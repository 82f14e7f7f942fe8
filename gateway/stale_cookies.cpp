#include "gateway/stale_cookies.h"

#include <algorithm>
#include <utility>

#include "policy/http/cookie.h"
#include "policy/http/set_cookie.h"
#include "policy/stale_cookies.h"

namespace gateway {
namespace {

std::string browser_of(const StaleCookies::Sighting& seen) {
    const auto who = seen.session.empty() ? seen.request.client.text() : std::string(seen.session);
    return who + " " + seen.request.host.text();
}

bool is_known(std::string_view name, const StaleCookies::Sighting& seen) {
    return seen.backend.cookies.has_rule_for(name) || (seen.vault && seen.vault->holds(name));
}

std::string telling(std::string_view name, std::string_view path) {
    return std::string(name) + " " + std::string(path);
}

}  // namespace

StaleCookies::StaleCookies(const policy::RouteTable& routes,
                           std::function<bool(std::string_view)> is_public_suffix)
    : routes_(routes), is_public_suffix_(std::move(is_public_suffix)) {}

std::vector<std::string_view> StaleCookies::domains_of(std::string_view name,
                                                       const Sighting& seen) const {
    auto domains = policy::removal_domains(seen.request.host.text(), is_public_suffix_);
    std::erase_if(domains, [&](std::string_view each) { return routes_.releases(each, name); });
    return domains;
}

std::vector<std::string_view> StaleCookies::known(const Sighting& seen) {
    std::vector<std::string_view> names;
    for (const auto name : seen.names) {
        if (is_known(name, seen)) names.push_back(name);
    }
    return names;
}

std::vector<std::string> StaleCookies::remove(const Sighting& seen) {
    std::vector<std::string> lines;
    auto& told = told_.use(browser_of(seen));
    const auto path = seen.request.target.raw_path;
    const auto folder = policy::default_cookie_path(path);
    const auto names = seen.names.first(std::min(seen.names.size(), kMostNames));
    for (const auto name : names) {
        if (told.size() >= kMostTold || lines.size() >= policy::kMostRemovals) break;
        if (!policy::is_cookie_name(name)) continue;
        if (routes_.releases(seen.request.host.text(), name)) continue;
        const auto domains = domains_of(name, seen);
        if (!told.insert(telling(name, folder)).second) continue;
        policy::add_removals(name, domains, policy::removal_paths(path), lines);
    }
    return lines;
}

}  // namespace gateway
