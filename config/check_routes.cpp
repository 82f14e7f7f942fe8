#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "config/check.h"

namespace config {

namespace {

using policy::PathMatch;
using policy::Requirement;

// One rule of a host, with the route that it belongs to.
struct Rule {
    const RouteDraft* route;
    const PathDraft* path;

    [[nodiscard]] PathMatch match() const { return {path->kind, path->path->text()}; }
    [[nodiscard]] bool needs_user() const { return path->require.who == Requirement::Who::AnyUser; }
    [[nodiscard]] bool is_closed() const { return path->require.who == Requirement::Who::Nobody; }
};

// In the order of the policy file, which is the order in which requests are compared.
using Rules = std::vector<Rule>;

struct Host {
    Rules rules;
    bool is_complete = true;  // No path was unreadable.
};

std::map<std::string, Host> hosts_of(const Draft& draft) {
    std::map<std::string, Host> hosts;
    for (const auto& route : draft.routes) {
        if (route.host.empty()) continue;
        for (const auto& path : route.paths) {
            auto& host = hosts[route.host];
            host.is_complete = host.is_complete && path.path.has_value();
            if (path.path) host.rules.push_back({&route, &path});
        }
    }
    return hosts;
}

bool is_same(const Rule& left, const Rule& right) {
    return left.path->kind == right.path->kind &&
           left.path->path->text() == right.path->path->text();
}

// A prefix that covers the path that `later` begins with covers all that `later` matches.
bool hides(const Rule& earlier, const Rule& later) {
    return earlier.path->kind == PathMatch::Kind::Prefix &&
           earlier.match().covers(*later.path->path);
}

void check_reachable(const Rules& rules, Report& report) {
    for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
        const auto blocker = std::find_if(rules.begin(), rule, [&](const Rule& earlier) {
            return is_same(earlier, *rule) || hides(earlier, *rule);
        });
        if (blocker == rule) continue;
        report.add(rule->path->place, is_same(*blocker, *rule)
                                          ? "has the host and path of " + blocker->path->place.path
                                          : "can never apply: " + blocker->path->place.path +
                                                " (prefix " + in_quotes(blocker->match().text) +
                                                ") comes first and covers it");
    }
}

const Rule* rule_of(const Rules& rules, const policy::NormalPath& path) {
    const auto rule = std::find_if(rules.begin(), rules.end(), [&path](const Rule& candidate) {
        return candidate.match().covers(path);
    });
    return rule == rules.end() ? nullptr : &*rule;
}

// A stranger must get to the login, or nobody can ever log in.
void check_open(const PlacedPath& wanted, const std::string& host, const Rules& rules,
                Report& report) {
    if (!wanted.path) return;
    const auto* rule = rule_of(rules, *wanted.path);
    if (rule == nullptr) {
        report.add(wanted.place, "can never apply: no route of " + host + " covers it");
    } else if (rule->is_closed()) {
        report.add(wanted.place, "is closed: on " + host + ", " + rule->path->place.path +
                                     " lets nobody through");
    } else if (rule->needs_user()) {
        report.add(wanted.place, "is out of reach for strangers: on " + host + ", " +
                                     rule->path->place.path + " requires a user for it");
    }
}

// Only the route's own login is watched on it.
void check_watched(const PlacedPath& wanted, const LoginDraft& login, const std::string& host,
                   const Rules& rules, Report& report) {
    if (!wanted.path) return;
    const auto* rule = rule_of(rules, *wanted.path);
    if (rule == nullptr) return;
    const auto& watching = rule->route->login;
    if (watching && watching->text == login.rule.name.text()) return;
    report.add(wanted.place, "can never apply: on " + host + ", " + rule->path->place.path +
                                 " covers it, whose route has another login or none");
}

void check_covered(const PlacedPath& wanted, const std::string& host, const Rules& rules,
                   Report& report) {
    if (!wanted.path || rule_of(rules, *wanted.path) != nullptr) return;
    report.add(wanted.place, "can never apply: no route of " + host + " covers it");
}

void check_login(const LoginDraft& login, const std::string& host, const Rules& rules,
                 Report& report) {
    check_open(login.page, host, rules, report);
    for (const auto& when : login.when) {
        check_open(when, host, rules, report);
        check_watched(when, login, host, rules, report);
    }
    for (const auto* others : {&login.logouts, &login.others}) {
        for (const auto& path : *others) {
            check_covered(path, host, rules, report);
            check_watched(path, login, host, rules, report);
        }
    }
}

std::set<std::string_view> logins_of(const Rules& rules) {
    std::set<std::string_view> names;
    for (const auto& rule : rules) {
        if (rule.route->login) names.insert(rule.route->login->text);
    }
    return names;
}

// A route without a login of its own believes any login of its host; `admin` of a wiki where
// everybody may sign up need not be the `admin` of the accounts.
void check_vouchers(const std::string& host, const Rules& rules, Report& report) {
    if (logins_of(rules).size() < 2) return;
    const RouteDraft* told = nullptr;
    for (const auto& rule : rules) {
        const auto* route = rule.route;
        const bool believes = rule.needs_user() || !route->identity.empty();
        if (route->login || !believes || route == std::exchange(told, route)) continue;
        report.add(route->place, "needs a `login`: " + host +
                                     " has several, and users of any of them would be believed");
    }
}

void check_logins(const Draft& draft, const std::string& host, const Rules& rules, Report& report) {
    for (const auto& login : draft.logins) {
        const bool is_used = std::any_of(rules.begin(), rules.end(), [&login](const Rule& rule) {
            return rule.route->login && rule.route->login->text == login.rule.name.text();
        });
        if (is_used) check_login(login, host, rules, report);
    }
}

// Only an observed login makes a user.
void check_requirements(const Rules& rules, Report& report) {
    const bool has_login = std::any_of(
        rules.begin(), rules.end(), [](const Rule& rule) { return rule.route->login.has_value(); });
    for (const auto& rule : rules) {
        if (!rule.needs_user() || has_login) continue;
        report.add(rule.path->place, "requires a user, but no route of this host has a login");
    }
}

}  // namespace

void check_routes(const Draft& draft, Report& report) {
    for (const auto& [name, host] : hosts_of(draft)) {
        check_reachable(host.rules, report);
        check_requirements(host.rules, report);
        check_vouchers(name, host.rules, report);
        if (host.is_complete) check_logins(draft, name, host.rules, report);
    }
}

}  // namespace config
