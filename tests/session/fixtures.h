#pragma once

// Sessions, keys and addresses for the tests of this folder.

#include <memory>
#include <string>
#include <utility>

#include "session/id.h"
#include "session/lifecycle.h"
#include "session/session.h"
#include "session/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_random.h"

namespace fixtures {

using namespace std::chrono_literals;
using support::kStart;

inline session::Locator new_key() {
    static support::FakeRandom random;
    session::Sha256 sha;
    return session::Locator::of(session::FamilyId::generate(random).value(), sha);
}

inline policy::IpAddress home() {
    return policy::IpAddress::v4({192, 0, 2, 1});
}
inline policy::IpAddress elsewhere() {
    return policy::IpAddress::v4({198, 51, 100, 7});
}

inline policy::ClientEnvironment client(const policy::IpAddress& address) {
    return {address, policy::agent_family("Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0")};
}

inline session::Session stranger() {
    session::Session session;
    session.ids.since = kStart;
    session.created = kStart;
    session.environment = {client(home()), client(home())};
    return session;
}

inline session::Session user(std::string name = "alice") {
    auto session = stranger();
    session.authentication = {policy::UserName(std::move(name)),
                              session::SharedRights({policy::LoginName("form"), {}}), kStart};
    return session;
}

inline session::Record record(session::Session value, policy::Instant seen = kStart,
                              session::Limits limits = {}) {
    const auto expires = session::absolute_end(value, limits);
    const auto idle = session::lifetime_of(value, limits).idle;
    return {std::make_shared<const session::Session>(std::move(value)), expires, idle, seen};
}

inline policy::LoggedIn logged_in(std::string name = "alice") {
    return {{policy::UserName(std::move(name)), policy::LoginName("form"), {}},
            policy::OldCookies::Dropped};
}

inline policy::CookiesSet cookies_set(std::vector<std::string> lines) {
    return {std::move(lines), "wiki", "wiki.example.org", "/"};
}

}  // namespace fixtures
