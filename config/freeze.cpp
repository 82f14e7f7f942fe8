#include "config/freeze.h"

#include <map>

#include "policy/base/text.h"

namespace config {

namespace {

struct Parts {
    std::map<std::string, std::shared_ptr<const policy::Backend>> backends;
    std::map<std::string, std::shared_ptr<const policy::LoginRule>> logins;
};

Parts share_parts(Draft& draft) {
    Parts parts;
    for (auto& entry : draft.backends) {
        auto backend = std::make_shared<const policy::Backend>(std::move(entry.backend));
        parts.backends[backend->name.text()] = backend;
        draft.settings.backends.push_back(std::move(backend));
    }
    for (auto& entry : draft.logins) {
        auto login = std::make_shared<const policy::LoginRule>(std::move(entry.rule));
        parts.logins[login->name.text()] = std::move(login);
    }
    return parts;
}

policy::Route route_of(const RouteDraft& draft, const PathDraft& path, const Parts& parts,
                       const Report& report) {
    policy::Route route;
    route.name = draft.host + path.path->text();
    route.rule = rule_name(report, path.place);
    route.host = draft.host;
    route.path = {path.kind, path.path->text()};
    route.require = path.require;
    route.transport = path.transport;
    route.is_activity = path.is_activity;
    route.is_cacheable = path.is_cacheable;
    route.backend = parts.backends.at(draft.backend.text);
    if (draft.login) route.login = parts.logins.at(draft.login->text);
    route.identity = draft.identity;
    return route;
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
    for (const auto& other : names) {
        if (policy::equals_ignoring_case(other, name)) return true;
    }
    return false;
}

std::vector<std::string> identity_names(const std::vector<RouteDraft>& routes) {
    std::vector<std::string> names;
    for (const auto& route : routes) {
        for (const auto& header : route.identity) {
            if (!holds(names, header.name)) names.push_back(header.name);
        }
    }
    return names;
}

void note_weakenings(Draft& draft) {
    for (auto& entry : draft.backends) {
        if (!entry.insecure_plaintext) continue;
        draft.settings.weakenings.push_back(
            {entry.place.path + ".insecure_plaintext", std::move(*entry.insecure_plaintext)});
    }
    const auto& sealed = draft.settings.sealed;
    if (sealed && sealed->survives_restart)
        draft.settings.weakenings.push_back(
            {"session.store.cookie.insecure_survives_restart", *sealed->survives_restart});
    if (draft.redis_plaintext)
        draft.settings.weakenings.push_back(
            {"session.store.redis.insecure_plaintext", *draft.redis_plaintext});
    if (draft.sql_plaintext)
        draft.settings.weakenings.push_back(
            {"session.store.sql.insecure_plaintext", *draft.sql_plaintext});
    const auto& deviation = draft.settings.assurance.deviation;
    if (deviation) draft.settings.weakenings.push_back({"session.assurance_deviation", *deviation});
}

}  // namespace

Settings freeze(Draft draft, const Report& report) {
    note_weakenings(draft);
    const auto parts = share_parts(draft);
    std::vector<policy::Route> routes;
    for (const auto& route : draft.routes) {
        for (const auto& path : route.paths) {
            routes.push_back(route_of(route, path, parts, report));
        }
    }
    auto settings = std::move(draft.settings);
    settings.source = report.file();
    settings.identity_names = identity_names(draft.routes);
    // Where the session of a client without cookies stands is nothing for a backend, either.
    if (!settings.session.header.empty())
        settings.identity_names.push_back(settings.session.header);
    settings.session.client_keeps_record = settings.sealed.has_value();
    settings.memory.network = settings.session.binding.network.network;
    settings.shared.network = settings.session.binding.network.network;
    settings.routes = policy::RouteTable(std::move(routes));
    return settings;
}

}  // namespace config
