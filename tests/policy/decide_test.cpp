#include "policy/decide.h"

#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using support::facts;
using support::head;
using support::kNow;
using support::protected_route;
using support::public_route;
using support::session_of;

const UserName kAda{"ada"};

Reason denied(const Decision& decision) {
    const auto* deny = std::get_if<Deny>(&decision);
    return deny ? deny->reason : Reason::None;
}

RequestHead navigation(std::string_view target) {
    auto request = head(Method::Get, target);
    request.fields.add("Sec-Fetch-Mode", "navigate");
    return request;
}

TEST(Decide, StrangerOnAnOpenRoutePasses) {
    const auto request = head(Method::Get, "/");
    const auto route = public_route();

    const auto facts_of_it = facts(request);
    const auto decision = decide(facts_of_it, {}, route, {}, kNow);

    EXPECT_TRUE(std::holds_alternative<Permit>(decision));
}

TEST(Decide, StrangerWhoNavigatesToAProtectedRouteIsSentToLogin) {
    const auto request = navigation("/private");

    const auto decision = decide(facts(request), {}, protected_route(), {}, kNow);

    ASSERT_TRUE(std::holds_alternative<SendToLogin>(decision));
    EXPECT_EQ(std::get<SendToLogin>(decision).location, "/login");
    EXPECT_EQ(std::get<SendToLogin>(decision).reason, Reason::LoginRequired);
}

TEST(Decide, AScriptOfAStrangerIsToldTo401InsteadOfBeingRedirected) {
    const auto request = head(Method::Get, "/private");

    EXPECT_EQ(denied(decide(facts(request), {}, protected_route(), {}, kNow)),
              Reason::LoginRequired);
}

TEST(Decide, StrangerIsDeniedWhereThereIsNoLoginPage) {
    auto route = protected_route();
    auto login = support::form_login();
    login.page.clear();
    route.login = std::make_shared<LoginRule>(login);
    const auto request = navigation("/private");

    EXPECT_EQ(denied(decide(facts(request), {}, route, {}, kNow)), Reason::LoginRequired);
}

TEST(Decide, KnownUserPassesAProtectedRoute) {
    const auto request = head(Method::Get, "/private");
    const auto route = protected_route();
    const auto facts_of_it = facts(request);

    const auto decision = decide(facts_of_it, session_of(kAda), route, {}, kNow);

    EXPECT_TRUE(std::holds_alternative<Permit>(decision));
}

TEST(Decide, UserOfAnotherLoginIsAStranger) {
    const auto request = head(Method::Get, "/private");
    auto session = session_of(kAda);
    session.login = "other-application";

    EXPECT_EQ(denied(decide(facts(request), session, protected_route(), {}, kNow)),
              Reason::LoginRequired);
}

TEST(Decide, ALoginThatIsTooOldForTheRouteIsAskedForAgain) {
    auto route = protected_route();
    route.require.authenticated_within = std::chrono::minutes(10);
    const auto request = head(Method::Get, "/private");
    const auto request_facts = facts(request);

    const auto young = session_of(kAda, kNow - std::chrono::minutes(10) + Duration{1});
    const auto old = session_of(kAda, kNow - std::chrono::minutes(10));

    EXPECT_TRUE(std::holds_alternative<Permit>(decide(request_facts, young, route, {}, kNow)));
    EXPECT_EQ(denied(decide(request_facts, old, route, {}, kNow)), Reason::FreshLoginRequired);
}

TEST(Decide, TwoCookiesOfOurNameAreRefusedEvenOnAnOpenRoute) {  // CKI-007
    SessionFacts session;
    session.refused = Reason::AmbiguousSessionCookie;
    const auto request = head(Method::Get, "/");

    EXPECT_EQ(denied(decide(facts(request), session, public_route(), {}, kNow)),
              Reason::AmbiguousSessionCookie);
}

TEST(Decide, AFindingThatThePolicyTakesSeverelyEndsTheSession) {
    const std::vector<Finding> findings{
        {Event::SessionBindMismatch, Reason::BindingMismatch, Reaction::Revoke, {}}};
    const auto request = head(Method::Get, "/");

    const auto decision = decide(facts(request), session_of(kAda), public_route(), findings, kNow);

    ASSERT_TRUE(std::holds_alternative<Revoke>(decision));
    EXPECT_EQ(std::get<Revoke>(decision).reason, Reason::BindingMismatch);
}

TEST(Decide, FindingsNeverTurnARefusalIntoAPermit) {  // BND-004
    const std::vector<Finding> findings{
        {Event::SessionBindMismatch, Reason::BindingMismatch, Reaction::Observe, {}}};
    const auto request = head(Method::Get, "/private");

    EXPECT_EQ(denied(decide(facts(request), {}, protected_route(), findings, kNow)),
              Reason::LoginRequired);
}

TEST(Decide, PathsThatBackendsFoldAwayAreRefusedWhereAnythingIsAtStake) {  // HTP-011
    for (const auto* target : {"//private", "/private;v=1", "/a//b", "/private/;/x"}) {
        const auto request = head(Method::Get, target);

        EXPECT_EQ(denied(decide(facts(request), session_of(kAda), protected_route(), {}, kNow)),
                  Reason::AmbiguousPath)
            << target;
    }
}

TEST(Laws, NothingReachesABackendWithoutAPermit) {
    // A path around decide() does not compile: nobody else can make a Permit, and sending to an
    // Upstream demands one (gateway/io/upstream.h).
    EXPECT_FALSE(std::is_default_constructible_v<Permit>);
    EXPECT_FALSE((
        std::is_constructible_v<Permit, Method, std::string_view, const Route&, Permit::Identity>));
    EXPECT_FALSE((std::is_aggregate_v<Permit>));
}

TEST(Laws, TheVerdictIsTakenOnExactlyTheBytesThatAreSent) {
    const std::string raw = "/a%20b/%C3%A4?x=%2F..%2F&y";
    const auto request = head(Method::Post, raw);
    const auto request_facts = facts(request);
    const auto route = public_route();

    const auto decision = decide(request_facts, {}, route, {}, kNow);

    const auto& permit = std::get<Permit>(decision);
    EXPECT_EQ(permit.target(), raw);
    EXPECT_EQ(permit.target().data(), request.target.data()) << "a copy could differ";
    EXPECT_EQ(permit.method(), Method::Post);
    EXPECT_EQ(&permit.route(), &route);
}

TEST(Decide, APermitCarriesTheTargetAsTheBackendIsSentIt) {  // HTP-011
    const auto request = head(Method::Get, "/wiki/page");
    auto mapped = facts(request);
    mapped.forwarded = "/page";
    const auto route = public_route();

    const auto decision = decide(mapped, {}, route, {}, kNow);

    EXPECT_EQ(std::get<Permit>(decision).target(), "/page");
}

Finding mismatch(Reaction reaction) {
    return {Event::SessionBindMismatch, Reason::BindingMismatch, reaction, {}};
}

TEST(Decide, ADistrustedSessionHasToLogInAgainWhereAUserIsRequired) {
    auto session = session_of(kAda);
    session.needs_step_up = true;
    const auto page = navigation("/private");
    const auto script = head(Method::Get, "/private");

    const auto decision = decide(facts(page), session, protected_route(), {}, kNow);

    ASSERT_TRUE(std::holds_alternative<SendToLogin>(decision));
    EXPECT_EQ(std::get<SendToLogin>(decision).reason, Reason::StepUpRequired);
    EXPECT_EQ(denied(decide(facts(script), session, protected_route(), {}, kNow)),
              Reason::StepUpRequired);
    EXPECT_EQ(user_for(protected_route(), session), nullptr) << "no identity is told";
    const auto open = public_route();
    const auto of_open = facts(script);
    EXPECT_TRUE(std::holds_alternative<Permit>(decide(of_open, session, open, {}, kNow)));
}

TEST(Decide, WhoIsNoticedOnAnOpenRouteGoesOnAsNobody) {  // BND-001
    using Identity = Permit::Identity;
    const auto request = head(Method::Get, "/");
    const auto facts_of_it = facts(request);
    const auto route = public_route();
    const auto identity = [&](Reaction reaction) {
        const std::vector findings{mismatch(reaction)};
        return std::get<Permit>(decide(facts_of_it, session_of(kAda), route, findings, kNow))
            .identity();
    };

    EXPECT_EQ(identity(Reaction::Observe), Identity::Told);
    EXPECT_EQ(identity(Reaction::StepUp), Identity::Withheld);
    EXPECT_EQ(identity(Reaction::Lock), Identity::Withheld);
}

TEST(Decide, ALockedSessionIsNoUserWhereOneIsRequired) {
    const std::vector findings{mismatch(Reaction::Lock)};
    const auto page = navigation("/private");
    const auto script = head(Method::Get, "/private");

    for (const auto& session : {session_of(kAda), SessionFacts{}}) {
        const auto decision = decide(facts(page), session, protected_route(), findings, kNow);

        ASSERT_TRUE(std::holds_alternative<SendToLogin>(decision));
        EXPECT_EQ(std::get<SendToLogin>(decision).reason, Reason::SessionLocked);
        EXPECT_EQ(denied(decide(facts(script), session, protected_route(), findings, kNow)),
                  Reason::SessionLocked);
    }
}

TEST(Decide, AFindingToStepUpAsksForALoginAtOnce) {
    const std::vector findings{mismatch(Reaction::StepUp)};
    const auto request = head(Method::Get, "/private");

    EXPECT_EQ(denied(decide(facts(request), session_of(kAda), protected_route(), findings, kNow)),
              Reason::StepUpRequired);
    EXPECT_EQ(denied(decide(facts(request), {}, protected_route(), findings, kNow)),
              Reason::LoginRequired)
        << "a stranger has no step to go up from";
}

TEST(Decide, TheMostSevereFindingDecides) {
    const auto session = session_of(kAda);
    const auto request = head(Method::Get, "/private");
    const auto verdict = [&](std::vector<Finding> findings) {
        return decide(facts(request), session, protected_route(), findings, kNow);
    };

    EXPECT_EQ(denied(verdict({mismatch(Reaction::Observe), mismatch(Reaction::StepUp)})),
              Reason::StepUpRequired);
    EXPECT_EQ(denied(verdict({mismatch(Reaction::Lock), mismatch(Reaction::StepUp)})),
              Reason::SessionLocked);
    EXPECT_TRUE(std::holds_alternative<Revoke>(
        verdict({mismatch(Reaction::Revoke), mismatch(Reaction::Lock)})));
}

}  // namespace
}  // namespace policy
