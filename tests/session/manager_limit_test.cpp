// How many sessions a user may have: REV-006.

#include <gtest/gtest.h>

#include "session/manager.h"
#include "tests/session/browser.h"

namespace {

using namespace fixtures;
using policy::Event;
using policy::Reason;
using WhenExceeded = session::UserLimit::WhenExceeded;

struct Household {
    explicit Household(WhenExceeded reaction)
        : gateway([reaction] {
              session::ManagerSettings settings;
              settings.user_limit = {2, reaction};
              return settings;
          }()) {
        for (auto* each : {&first, &second}) {
            each->visit({logged_in()});
            gateway.clock.advance(1s);
        }
    }

    Gateway gateway;
    Browser first{gateway}, second{gateway}, third{gateway};
};

TEST(ManagerLimit, EndsTheOldestLoginForTheNewest) {
    Household house(WhenExceeded::EndOldest);

    const auto committed = house.third.visit({logged_in()});

    ASSERT_EQ(committed.findings.size(), 3U);
    EXPECT_EQ(committed.findings[1].event, Event::ExcessSessionsExceeded);
    EXPECT_EQ(committed.findings[2].event, Event::SessionRevoked);
    EXPECT_EQ(house.first.load().refused, Reason::TooManySessions);
    EXPECT_TRUE(house.second.load().session);
    EXPECT_TRUE(house.third.load().session);
}

TEST(ManagerLimit, RefusesTheLoginThatIsOneTooMany) {
    Household house(WhenExceeded::Refuse);

    const auto committed = house.gateway.commit(house.third.load(), {logged_in()});

    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().reason, Reason::TooManySessions);
    EXPECT_TRUE(house.first.load().session);
    EXPECT_TRUE(house.second.load().session);
    EXPECT_EQ(house.gateway.store.inner.size(), 2U);
}

TEST(ManagerLimit, EndsTheStrangersSessionInWhichItRefusesALogin) {
    Household house(WhenExceeded::Refuse);
    house.third.visit({cookies_set({"a=1"})});

    EXPECT_FALSE(house.gateway.commit(house.third.load(), {logged_in()}));

    EXPECT_EQ(house.third.load().refused, Reason::TooManySessions);
}

TEST(ManagerLimit, OnlyTellsWhereThePolicyAllows) {
    Household house(WhenExceeded::Allow);

    const auto committed = house.third.visit({logged_in()});

    ASSERT_EQ(committed.findings.size(), 2U);
    EXPECT_EQ(committed.findings[1].event, Event::ExcessSessionsExceeded);
    EXPECT_EQ(house.gateway.store.inner.size(), 3U);
}

TEST(ManagerLimit, CountsOneUserAndNoOther) {
    Household house(WhenExceeded::Refuse);

    EXPECT_TRUE(house.gateway.commit(house.third.load(), {logged_in("bob")}));
}

TEST(ManagerLimit, CountsASessionOnceHoweverOftenItLogsIn) {
    Household house(WhenExceeded::Refuse);

    for (int i = 0; i < 3; ++i) house.second.visit({logged_in()});

    EXPECT_TRUE(house.first.load().session);
    EXPECT_TRUE(house.second.load().session);
}

TEST(ManagerLimit, GivesThePlaceOfALogoutToTheNextLogin) {
    Household house(WhenExceeded::Refuse);
    house.first.visit({policy::LoggedOut{}});

    EXPECT_TRUE(house.gateway.commit(house.third.load(), {logged_in()}));
}

}  // namespace
