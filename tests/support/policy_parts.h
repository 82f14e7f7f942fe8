#pragma once

// Routes, rules and facts for tests of the policy, with everything in place that a test does not
// care about.

#include <memory>
#include <string>
#include <string_view>

#include "policy/facts.h"
#include "policy/intake.h"
#include "policy/route.h"
#include "tests/support/heads.h"

namespace support {

inline constexpr policy::Instant kNow{std::chrono::hours(24 * 365 * 50)};

inline policy::IpAddress address(std::string_view text) {
    return policy::IpAddress::parse(text).value();
}

inline policy::RequestHead head(policy::Method method, std::string_view target) {
    auto head = request({{"Host", "app.test"}});
    head.method = method;
    head.target = target;
    return head;
}

// The facts of a request from 192.0.2.7 for `head`, which must outlive them.
inline policy::RequestFacts facts(const policy::RequestHead& head) {
    return policy::read_facts(head, head.target, address("192.0.2.7")).value();
}

inline policy::LoginRule form_login() {
    policy::LoginRule rule;
    rule.name = policy::LoginName("form");
    rule.page = "/login";
    auto& when = rule.when.emplace_back();
    when.methods = {policy::Method::Post};
    when.path = "/login";
    when.form = {{"do", "login"}};
    rule.user = {policy::FormSource{"user"}};
    rule.success.status = {302};
    rule.success.set = policy::CookieGlob{"SID*", "*"};
    return rule;
}

inline policy::Route public_route() {
    policy::Route route;
    route.name = "app.test/";
    route.host = "app.test";
    route.backend = std::make_shared<policy::Backend>();
    route.login = std::make_shared<policy::LoginRule>(form_login());
    return route;
}

inline policy::Route protected_route() {
    auto route = public_route();
    route.require.who = policy::Requirement::Who::AnyUser;
    return route;
}

// A session of `user`, who logged in by form_login() at `at`.
inline policy::SessionFacts session_of(const policy::UserName& user, policy::Instant at = kNow) {
    policy::SessionFacts session;
    session.user = &user;
    session.handle = "0123456789abcdef";
    session.login = "form";
    session.authenticated_at = at;
    return session;
}

}  // namespace support
