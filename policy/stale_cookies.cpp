#include "policy/stale_cookies.h"

#include "policy/base/text.h"
#include "policy/http/network.h"

namespace policy {

namespace {

std::string removal(std::string_view name, std::string_view domain, std::string_view path) {
    std::string line(name);
    line.append("=; Path=").append(path);
    if (!domain.empty()) line.append("; Domain=").append(domain);
    line.append("; Max-Age=0; Secure; HttpOnly");
    return line;
}

bool is_address(std::string_view host) {
    return host.starts_with('[') || IpAddress::parse(host).has_value();
}

}  // namespace

std::vector<std::string_view> removal_paths(std::string_view path) {
    std::vector<std::string_view> paths{"/"};
    path = path.substr(0, path.find(';'));  // Cannot stand in a Path.
    for (std::size_t end = 1; end < path.size() && paths.size() < kMostRemovalPaths;) {
        const auto slash = path.find('/', end);
        paths.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) break;
        if (paths.size() < kMostRemovalPaths) paths.push_back(path.substr(0, slash + 1));
        end = slash + 1;
    }
    return paths;
}

std::vector<std::string_view> removal_domains(
    std::string_view host, const std::function<bool(std::string_view)>& is_public_suffix) {
    std::vector<std::string_view> domains;
    if (is_address(host)) return domains;
    while (!host.empty() && !is_public_suffix(host)) {
        domains.push_back(host);
        const auto dot = host.find('.');
        host = dot == std::string_view::npos ? std::string_view{} : host.substr(dot + 1);
    }
    // The host itself and the widest ones are the likely ones.
    while (domains.size() > kMostRemovalDomains) domains.erase(domains.begin() + 1);
    return domains;
}

void add_removals(std::string_view name, std::span<const std::string_view> domains,
                  std::span<const std::string_view> paths, std::vector<std::string>& lines) {
    const auto add = [&](std::string_view domain, std::string_view path) {
        if (lines.size() < kMostRemovals) lines.push_back(removal(name, domain, path));
    };
    for (const auto path : paths) {
        add({}, path);
        for (const auto domain : domains) add(domain, path);
    }
}

}  // namespace policy
