// BND-004: what is noticed about a client only lowers trust.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "policy/decide.h"
#include "tests/support/policy_parts.h"

namespace policy {
namespace {

const UserName kAda{"ada"};

Finding any_finding() {
    const auto reaction =
        *rc::gen::element(Reaction::Observe, Reaction::StepUp, Reaction::Lock, Reaction::Revoke);
    return {Event::SessionBindMismatch, Reason::BindingMismatch, reaction, {}};
}

SessionFacts any_session() {
    if (!*rc::gen::arbitrary<bool>()) return {};
    auto session =
        support::session_of(kAda, support::kNow - std::chrono::minutes(*rc::gen::inRange(0, 60)));
    session.needs_step_up = *rc::gen::arbitrary<bool>();
    session.login = *rc::gen::element<std::string_view>("form", "other");
    return session;
}

Route any_route() {
    auto route = *rc::gen::element(support::public_route(), support::protected_route());
    if (*rc::gen::arbitrary<bool>()) route.require.authenticated_within = std::chrono::minutes(30);
    return route;
}

TEST(DecideProperties, NoFindingAddsTrust) {
    EXPECT_TRUE(rc::check([] {
        const auto request = support::head(Method::Get, "/private");
        const auto facts = support::facts(request);
        const auto session = any_session();
        const auto route = any_route();
        std::vector<Finding> findings;
        bool was_permitted = true;
        for (int i = 0; i < 4; ++i) {
            const auto decision = decide(facts, session, route, findings, support::kNow);
            const bool is_permitted = std::holds_alternative<Permit>(decision);
            RC_ASSERT(was_permitted || !is_permitted);
            was_permitted = is_permitted;
            findings.push_back(any_finding());
        }
    }));
}

TEST(DecideProperties, DistrustTakesAwayAndNeverGives) {
    EXPECT_TRUE(rc::check([] {
        const auto request = support::head(Method::Get, "/private");
        const auto facts = support::facts(request);
        auto trusted = any_session();
        trusted.needs_step_up = false;
        auto distrusted = trusted;
        distrusted.needs_step_up = true;
        const auto route = any_route();

        const auto is_permitted = [&](const SessionFacts& session) {
            return std::holds_alternative<Permit>(decide(facts, session, route, {}, support::kNow));
        };
        RC_ASSERT(is_permitted(trusted) || !is_permitted(distrusted));
        RC_ASSERT(!user_for(route, distrusted));
    }));
}

}  // namespace
}  // namespace policy
