#pragma once

// A browser before a Manager: it holds our cookie and replays it, so that tests read like visits.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "session/manager.h"
#include "tests/session/fixtures.h"
#include "tests/session/keys.h"
#include "tests/session/watched_store.h"
#include "tests/support/run_task.h"

namespace fixtures {

using Events = std::vector<policy::SessionEvent>;

inline constexpr auto kHost = "wiki.example.org";

// One worker's manager and everything below it.
struct Gateway {
    explicit Gateway(session::ManagerSettings settings = {},
                     session::KeyRing keys = fixtures::only_k1())
        : manager(store, random, std::move(settings), std::move(keys)) {}

    policy::Result<session::Loaded> load(const std::string& cookie) {
        std::vector<policy::CookiePair> cookies;
        if (!cookie.empty()) cookies.push_back({manager.cookies().name(), cookie});
        return support::run(manager.load(cookies, visit()));
    }

    policy::Result<session::Committed> commit(const session::Loaded& loaded, const Events& events) {
        return support::run(manager.commit(loaded, events, visit(), succession));
    }

    session::Visit visit() const {
        return {kHost, fixtures::client(client), clock.now(), activity};
    }

    WatchedStore store;
    support::FakeRandom random;
    support::FakeClock clock;
    policy::IpAddress client = home();
    session::Visit::Activity activity = session::Visit::Activity::Counts;
    session::Succession succession = session::Succession::MayBeOffered;
    session::Manager manager;
};

class Browser {
public:
    explicit Browser(Gateway& gateway) : gateway_(gateway) {}

    session::Loaded load() { return gateway_.load(cookie).value(); }

    // One whole exchange; the cookie that it sets is kept.
    session::Committed visit(const Events& events) {
        auto committed = gateway_.commit(load(), events).value();
        take(committed);
        return committed;
    }

    void take(const session::Committed& committed) {
        if (committed.set_cookie.empty()) return;
        const auto begin = committed.set_cookie.find('=') + 1;
        cookie = committed.set_cookie.substr(begin, committed.set_cookie.find(';') - begin);
    }

    std::string cookie;  // Value; empty when there is none.

private:
    Gateway& gateway_;
};

inline bool tells(const policy::Findings& findings, policy::Event event) {
    return findings.size() == 1 && findings[0].event == event;
}

}  // namespace fixtures
