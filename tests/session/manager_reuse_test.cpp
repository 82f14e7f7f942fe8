// An id that was replaced comes back: ROT-001, ROT-006, ROT-008.

#include <gtest/gtest.h>

#include "session/manager.h"
#include "tests/session/browser.h"

namespace {

using namespace fixtures;
using policy::Event;
using policy::Reason;
using session::OnReuse;

session::ManagerSettings reacting(OnReuse reaction) {
    session::ManagerSettings settings;
    settings.rotation.on_reuse = reaction;
    return settings;
}

std::string argument(const policy::Finding& finding, std::string_view name) {
    for (const auto& [key, value] : finding.arguments) {
        if (key == name) return value;
    }
    return {};
}

struct Theft {
    explicit Theft(OnReuse reaction = OnReuse::RevokeFamily) : gateway(reacting(reaction)) {
        victim.visit({logged_in()});
        thief.cookie = victim.cookie;
        turn();
    }

    void turn() {
        gateway.clock.advance(15min);
        victim.visit({});
        victim.visit({});
    }

    session::Loaded use_stolen() {
        gateway.client = elsewhere();
        auto loaded = thief.load();
        gateway.client = home();
        return loaded;
    }

    Gateway gateway;
    Browser victim{gateway};
    Browser thief{gateway};
};

TEST(ManagerReuse, PutsBothOutAndCriesOnce) {
    Theft theft;
    theft.gateway.clock.advance(31s);

    const auto stolen = theft.use_stolen();

    EXPECT_FALSE(stolen.session);
    EXPECT_EQ(stolen.refused, Reason::IdReused);
    EXPECT_TRUE(stolen.cookie_is_stale);
    ASSERT_TRUE(tells(stolen.findings, Event::SessionIdReuse));
    EXPECT_EQ(argument(stolen.findings[0], "owner_client"), "192.0.2.1");
    EXPECT_EQ(argument(stolen.findings[0], "reuse_client"), "198.51.100.7");
    EXPECT_EQ(argument(stolen.findings[0], "user"), "alice");
    EXPECT_EQ(argument(stolen.findings[0], "reaction"), "revoke_family");

    const auto out = theft.victim.load();
    EXPECT_FALSE(out.session);
    EXPECT_EQ(out.refused, Reason::IdReused);
    EXPECT_TRUE(out.cookie_is_stale);
    EXPECT_FALSE(tells(theft.use_stolen().findings, Event::SessionIdReuse));
}

TEST(ManagerReuse, IsNoTheftInGrace) {
    Theft theft;

    EXPECT_TRUE(theft.use_stolen().session);
    EXPECT_TRUE(theft.victim.load().session);
}

TEST(ManagerReuse, KnowsAnOlderGenerationAtOnce) {
    Theft theft;
    theft.turn();

    EXPECT_EQ(theft.use_stolen().refused, Reason::IdReused);
    EXPECT_FALSE(theft.victim.load().session);
}

// The state that knows them does not grow with their number.
TEST(ManagerReuse, KnowsTheFirstGenerationAfterAThousand) {
    session::ManagerSettings settings;
    settings.rotation.every = 20s;
    settings.rotation.grace = 10s;
    Gateway gateway(settings);
    Browser victim(gateway), thief(gateway);
    victim.visit({logged_in()});
    thief.cookie = victim.cookie;
    for (int i = 0; i < 1000; ++i) {
        gateway.clock.advance(20s);
        victim.visit({});
        victim.visit({});
    }
    ASSERT_GE(victim.load().session->ids.generation, 1000U);

    gateway.client = elsewhere();
    EXPECT_TRUE(tells(thief.load().findings, Event::SessionIdReuse));
    EXPECT_FALSE(victim.load().session);
}

TEST(ManagerReuse, IsQuietWhenItIsTheOwnersOwn) {
    Theft theft;
    theft.gateway.clock.advance(31s);

    const auto again = theft.thief.load();  // From home.

    EXPECT_FALSE(again.session);
    EXPECT_EQ(again.refused, Reason::Superseded);
    EXPECT_TRUE(tells(again.findings, Event::SessionUseAfterExpire));
    EXPECT_TRUE(theft.victim.load().session);
}

// ROT-001: replaced by a login.
TEST(ManagerReuse, KnowsAnIdThatALoginReplaced) {
    Gateway gateway;
    Browser victim(gateway);
    victim.visit({cookies_set({"a=1"})});
    Browser thief = victim;
    victim.visit({logged_in()});

    gateway.client = elsewhere();
    EXPECT_EQ(thief.load().refused, Reason::Superseded);
    gateway.clock.advance(31s);
    EXPECT_TRUE(tells(thief.load().findings, Event::SessionIdReuse));
    gateway.client = home();
    EXPECT_FALSE(victim.load().session);
}

TEST(ManagerReuse, OnlyTellsWhereThePolicyObserves) {
    Theft theft(OnReuse::Observe);
    theft.gateway.clock.advance(31s);

    const auto stolen = theft.use_stolen();

    EXPECT_FALSE(stolen.session);
    ASSERT_TRUE(tells(stolen.findings, Event::SessionIdReuse));
    EXPECT_EQ(argument(stolen.findings[0], "reaction"), "observe");
    EXPECT_TRUE(theft.victim.load().session);
    EXPECT_TRUE(theft.use_stolen().findings.empty()) << "told once a minute";
}

TEST(ManagerReuse, AsksForANewLoginWhereThePolicyStepsUp) {
    Theft theft(OnReuse::StepUp);
    theft.gateway.clock.advance(31s);

    EXPECT_FALSE(theft.use_stolen().session);

    ASSERT_TRUE(theft.victim.load().session);
    EXPECT_TRUE(theft.victim.load().facts().needs_step_up);
    theft.victim.visit({logged_in()});
    EXPECT_FALSE(theft.victim.load().facts().needs_step_up);
}

TEST(ManagerReuse, EndsAllSessionsOfTheUserWhereThePolicySaysSo) {
    Theft theft(OnReuse::RevokeUser);
    Browser phone(theft.gateway), neighbour(theft.gateway);
    phone.visit({logged_in("alice")});
    neighbour.visit({logged_in("bob")});
    theft.gateway.clock.advance(31s);

    const auto stolen = theft.use_stolen();

    ASSERT_EQ(stolen.findings.size(), 2U);
    EXPECT_EQ(stolen.findings[0].event, Event::SessionIdReuse);
    EXPECT_EQ(stolen.findings[1].event, Event::SessionRevoked);
    EXPECT_FALSE(theft.victim.load().session);
    EXPECT_EQ(phone.load().refused, Reason::IdReused);
    EXPECT_TRUE(neighbour.load().session);
}

TEST(ManagerReuse, SaysNothingThatTheStoreDoesNotHold) {
    Theft theft;
    theft.gateway.clock.advance(31s);
    theft.gateway.store.refuses_writes = true;
    theft.gateway.client = elsewhere();

    const auto loaded = theft.gateway.load(theft.thief.cookie);

    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().reason, Reason::StoreUnavailable);
}

}  // namespace
