#include "config/check.h"

#include <algorithm>
#include <set>

#include "config/nearest.h"
#include "policy/base/text.h"
#include "policy/http/network.h"

namespace config {

namespace {

// The names that a section defines, and whether the routes refer to them all and to no others.
class Names {
public:
    Names(std::string_view section, Report& report) : section_(section), report_(report) {}

    void define(std::string_view name, const Place& place) {
        names_.push_back(name);
        places_.push_back(place);
    }

    void refer(const PlacedText& reference) {
        used_.insert(reference.text);
        if (std::find(names_.begin(), names_.end(), reference.text) != names_.end()) return;
        has_stray_ = true;
        if (reference.text.empty()) return;  // Complained about already.
        const auto known = names_.empty() ? "there are none" : list_of(names_);
        report_.add(reference.place, "names " + in_quotes(reference.text) +
                                         ", which is not among the " + std::string(section_) +
                                         " (" + known + ")");
    }

    // A reference that went astray may have meant the name that nobody refers to.
    void complain_about_unused() {
        if (has_stray_) return;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (!used_.contains(names_[i])) report_.add(places_[i], "is not used by any route");
        }
    }

private:
    std::string_view section_;
    Report& report_;
    std::vector<std::string_view> names_;
    std::vector<Place> places_;
    std::set<std::string_view> used_;
    bool has_stray_ = false;
};

void check_names(const Draft& draft, Report& report) {
    Names backends("backends", report), logins("logins", report);
    for (const auto& entry : draft.backends) {
        backends.define(entry.backend.name.text(), entry.place);
    }
    for (const auto& entry : draft.logins) logins.define(entry.rule.name.text(), entry.place);
    for (const auto& route : draft.routes) {
        backends.refer(route.backend);
        if (route.login) logins.refer(*route.login);
    }
    if (draft.routes.empty()) return;  // Complained about already.
    backends.complain_about_unused();
    logins.complain_about_unused();
}

// SO_REUSEPORT would let both listen and share the connections out at random.
void check_listeners(const Draft& draft, Report& report) {
    std::set<std::pair<std::string_view, std::uint16_t>> taken;
    for (std::size_t i = 0; i < draft.listeners.size(); ++i) {
        const auto& listener = draft.settings.listeners[i];
        if (listener.port == 0 || taken.emplace(listener.host, listener.port).second) continue;
        report.add(draft.listeners[i], "is the address of an earlier listener, too");
    }
}

bool says_what(const std::vector<policy::NamedGlob>& narrow,
               const std::vector<policy::NamedGlob>& wide) {
    return std::all_of(wide.begin(), wide.end(), [&narrow](const policy::NamedGlob& wanted) {
        return std::any_of(narrow.begin(), narrow.end(), [&wanted](const auto& given) {
            return given.name == wanted.name && policy::matches_glob(wanted.glob, given.glob);
        });
    });
}

bool covers(const policy::RequestPattern& wide, const policy::RequestPattern& narrow) {
    const auto& methods = wide.methods;
    const bool has_methods =
        methods.empty() ||
        (!narrow.methods.empty() &&
         std::all_of(narrow.methods.begin(), narrow.methods.end(), [&](auto method) {
             return std::find(methods.begin(), methods.end(), method) != methods.end();
         }));
    return has_methods && policy::matches_glob(wide.path.empty() ? "*" : wide.path, narrow.path) &&
           says_what(narrow.query, wide.query) && says_what(narrow.headers, wide.headers) &&
           says_what(narrow.form, wide.form) && says_what(narrow.json, wide.json) &&
           (narrow.basic || !wide.basic);
}

// Every request that `logout` covers ends the session: it must not cover the login itself.
void check_logouts(const Draft& draft, Report& report) {
    for (const auto& entry : draft.logins) {
        const auto& logouts = entry.rule.logouts;
        for (std::size_t i = 0; i < logouts.size(); ++i) {
            if (!logouts[i].when || logouts[i].answer) continue;
            const bool covers_login =
                std::any_of(entry.rule.when.begin(), entry.rule.when.end(), [&](const auto& when) {
                    return !when.path.empty() && covers(*logouts[i].when, when);
                });
            if (covers_login)
                report.add(entry.logouts[i].place,
                           "covers the login itself, which would end at once");
        }
    }
}

// The session is over before a login gets so old.
void check_freshness(const Draft& draft, Report& report) {
    const auto most = draft.settings.session.limits.user.absolute;
    for (const auto& route : draft.routes) {
        for (const auto& path : route.paths) {
            const auto within = path.require.authenticated_within;
            if (within && *within > most)
                report.add(path.place,
                           "has an `authenticated_within` beyond "
                           "session.absolute_timeout: it can never apply");
        }
    }
}

// What a cookie cannot hold, and what nobody can count who keeps nothing.
void check_sealed_store(const Draft& draft, Report& report) {
    constexpr std::size_t kRoom = 2048;
    const auto& session = draft.settings.session;
    if (!draft.settings.sealed) return;
    if (session.vault.bytes > kRoom)
        report.add(draft.store, "is the cookie, which has room for 2KiB of session.vault.bytes");
    if (session.user_limit.sessions > 0)
        report.add(draft.store, "is the cookie, which cannot keep session.per_user_limit");
    if (!session.header.empty())
        report.add(draft.store, "is the cookie, which clients of session.header have not");
}

// Anybody can write a PROXY header: it takes somebody who is believed.
void check_proxy_protocol(const Draft& draft, Report& report) {
    if (!draft.settings.trusted_proxies.networks.empty()) return;
    for (std::size_t i = 0; i < draft.listeners.size(); ++i) {
        if (draft.settings.listeners[i].expects_proxy_header)
            report.add(draft.listeners[i],
                       "expects the PROXY protocol, and trusted_proxies names nobody who may "
                       "speak it");
    }
}

// A session in a header needs to be told which.
void check_transports(const Draft& draft, Report& report) {
    if (!draft.settings.session.header.empty()) return;
    for (const auto& route : draft.routes) {
        for (const auto& path : route.paths) {
            if (path.transport == policy::Transport::Header)
                report.add(path.place,
                           "has its session in a header, and session.header names none");
        }
    }
}

bool is_loopback(const std::string& host) {
    if (host == "localhost") return true;
    const auto address = policy::IpAddress::parse(host);
    if (!address) return false;
    if (address->is_v4()) return address->bytes()[0] == 127;
    return address->text() == "::1";
}

bool receives_identity(const Draft& draft, const policy::BackendName& name) {
    return std::any_of(draft.routes.begin(), draft.routes.end(), [&name](const auto& route) {
        return route.backend.text == name.text() && !route.identity.empty();
    });
}

// Whoever reads the line to the backend sees who is logged in, and whoever writes there is
// anybody (IDF-007).
void check_plaintext(const Draft& draft, Report& report) {
    for (const auto& entry : draft.backends) {
        if (entry.insecure_plaintext || !receives_identity(draft, entry.backend.name)) continue;
        for (const auto& server : entry.servers) {
            if (is_loopback(server.address.host)) continue;
            report.add(server.place,
                       "is reached in plain text over the network, and routes send identity "
                       "headers there; if that is meant, " +
                           entry.place.path + " needs `insecure_plaintext: { reason: \"...\" }`");
        }
    }
}

// The same of the line to the sessions.
void check_redis(const Draft& draft, Report& report) {
    const auto& redis = draft.settings.redis;
    if (!redis || redis->tls || draft.redis_plaintext) return;
    for (const auto& address : redis->addresses) {
        if (address.is_unix() || is_loopback(address.host)) continue;
        report.add(draft.store, "is reached in plain text over the network (" +
                                    in_quotes(address.text()) +
                                    "): use `rediss://` or `tls`; if that is meant, it needs "
                                    "`insecure_plaintext: { reason: \"...\" }`");
    }
}

void check_sql(const Draft& draft, Report& report) {
    const auto& sql = draft.settings.sql;
    if (!sql || sql->host.empty() || !sql->ca.empty() || draft.sql_plaintext) return;
    if (is_loopback(sql->host)) return;
    report.add(draft.store, "is reached in plain text over the network (" + in_quotes(sql->host) +
                                "): use `ca`; if that is meant, it needs "
                                "`insecure_plaintext: { reason: \"...\" }`");
}

// What lies elsewhere has no name at the backend.
void check_mapped_paths(const Draft& draft, Report& report) {
    for (const auto& route : draft.routes) {
        const auto backend = std::find_if(
            draft.backends.begin(), draft.backends.end(),
            [&](const auto& entry) { return entry.backend.name.text() == route.backend.text; });
        if (backend == draft.backends.end()) continue;
        const auto& prefix = backend->backend.crossing.paths.public_prefix;
        for (const auto& path : route.paths) {
            if (!path.path || path.path->is_under(prefix.empty() ? "/" : prefix)) continue;
            report.add(path.place, "lies outside of " + backend->place.path + ".paths.public (" +
                                       in_quotes(prefix) + ")");
        }
    }
}

}  // namespace

void check(const Draft& draft, Report& report) {
    check_listeners(draft, report);
    check_names(draft, report);
    check_plaintext(draft, report);
    check_mapped_paths(draft, report);
    check_routes(draft, report);
    check_logouts(draft, report);
    check_freshness(draft, report);
    check_transports(draft, report);
    check_proxy_protocol(draft, report);
    check_sealed_store(draft, report);
    check_redis(draft, report);
    check_sql(draft, report);
}

}  // namespace config
