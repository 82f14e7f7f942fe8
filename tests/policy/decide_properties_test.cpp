// BND-004: what is noticed about a client only lowers trust.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "policy/decide.h"
#include "policy/outgoing.h"
#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using support::kNow;

const UserName kAda{"ada"};
const std::vector<std::string> kStaff{"staff"};

// True once in a while: most requests have nothing against them, or all would be refused.
bool rarely() {
    return *rc::gen::weightedElement<bool>({{7, false}, {1, true}});
}

Finding any_finding() {
    const auto reaction =
        *rc::gen::element(Reaction::Observe, Reaction::StepUp, Reaction::Lock, Reaction::Revoke);
    return {Event::SessionBindMismatch, Reason::BindingMismatch, reaction, {}};
}

std::vector<Finding> any_findings() {
    std::vector<Finding> findings;
    const int count = *rc::gen::weightedElement<int>({{5, 0}, {2, 1}, {1, 2}, {1, 3}});
    for (int i = 0; i < count; ++i) findings.push_back(any_finding());
    return findings;
}

RequestHead any_head() {
    auto head =
        support::head(rarely() ? Method::Post : Method::Get, rarely() ? "//private" : "/private");
    if (*rc::gen::arbitrary<bool>()) head.fields.add("Sec-Fetch-Mode", "navigate");
    return head;
}

SessionFacts any_session() {
    SessionFacts session;
    if (!rarely())
        session = support::session_of(kAda, kNow - std::chrono::minutes(*rc::gen::inRange(0, 60)));
    session.needs_step_up = rarely();
    session.may_write = !rarely();
    if (rarely()) session.login = "other";
    if (*rc::gen::arbitrary<bool>()) session.groups = &kStaff;
    if (rarely()) session.refused = Reason::AmbiguousSessionCookie;
    return session;
}

Route any_route() {
    using Who = Requirement::Who;
    auto route = support::public_route();
    route.require.who = *rc::gen::element(Who::Anyone, Who::AnyUser);
    if (rarely()) route.require.who = Who::Nobody;
    if (*rc::gen::arbitrary<bool>()) route.require.authenticated_within = std::chrono::minutes(30);
    if (*rc::gen::arbitrary<bool>()) route.require.groups = {"staff"};
    route.identity = {{"X-Forwarded-User", IdentityField::User}};
    return route;
}

// The backend is not asked, is asked as by a stranger, or is told who the user is.
enum class Trust { None, Stranger, User };

Trust trust_in(const RequestHead& head, const SessionFacts& session, const Route& route,
               const std::vector<Finding>& findings) {
    const auto facts = support::facts(head);
    const auto decision = decide(facts, session, route, findings, kNow);
    const auto* permit = std::get_if<Permit>(&decision);
    if (!permit) return Trust::None;
    const HeaderRules rules{ReservedNames{}, [](std::string_view) { return false; }};
    Arena arena;
    FieldList sent;
    static_cast<void>(
        outgoing_request(*permit, {head, facts, session, {}, {}, "r-1"}, rules, arena, sent));
    return sent.find("X-Forwarded-User") ? Trust::User : Trust::Stranger;
}

void expect_no_trust_from_another_finding() {
    const auto head = any_head();
    const auto session = any_session();
    const auto route = any_route();
    auto findings = any_findings();

    const auto before = trust_in(head, session, route, findings);
    const auto at = *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(findings) + 1);
    findings.insert(findings.begin() + at, any_finding());

    RC_ASSERT(trust_in(head, session, route, findings) <= before);
}

TEST(DecideProperties, NoFindingAddsTrust) {
    EXPECT_TRUE(rc::check([] {
        constexpr int kRounds = 20;  // Each way to be refused is rare.
        for (int i = 0; i < kRounds; ++i) expect_no_trust_from_another_finding();
    }));
}

TEST(DecideProperties, DistrustTakesAwayAndNeverGives) {
    EXPECT_TRUE(rc::check([] {
        const auto head = any_head();
        auto session = any_session();
        const auto route = any_route();
        const auto findings = any_findings();

        session.needs_step_up = false;
        const auto trusted = trust_in(head, session, route, findings);
        session.needs_step_up = true;
        const auto distrusted = trust_in(head, session, route, findings);

        RC_ASSERT(distrusted <= trusted);
        RC_ASSERT(distrusted != Trust::User);
        RC_ASSERT(!user_for(route, session));
    }));
}

TEST(DecideProperties, WhoeverLowersTrustIsToldToNoBackend) {
    EXPECT_TRUE(rc::check([] {
        auto findings = any_findings();
        findings.push_back(any_finding());
        findings.back().reaction = *rc::gen::element(Reaction::StepUp, Reaction::Lock);

        RC_ASSERT(trust_in(any_head(), any_session(), any_route(), findings) != Trust::User);
    }));
}

}  // namespace
}  // namespace policy
