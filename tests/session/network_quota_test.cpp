#include "session/network_quota.h"

#include <gtest/gtest.h>

#include "tests/session/fixtures.h"

namespace {

using namespace fixtures;
using session::NetworkQuota;

TEST(NetworkQuota, GivesEachNetworkItsShare) {
    NetworkQuota quota(2, {24, 56});
    const auto neighbour = policy::IpAddress::v4({192, 0, 2, 250});

    EXPECT_TRUE(quota.take(home()));
    EXPECT_TRUE(quota.take(neighbour));
    EXPECT_FALSE(quota.take(home()));
    EXPECT_TRUE(quota.take(elsewhere()));

    quota.give_back(neighbour);
    EXPECT_TRUE(quota.take(home()));
    EXPECT_FALSE(quota.take(home()));
}

TEST(NetworkQuota, CountsWhoCannotBeRefused) {
    NetworkQuota quota(1, {24, 56});
    quota.take_anyway(home());
    quota.take_anyway(home());

    quota.give_back(home());
    EXPECT_FALSE(quota.take(home()));
    quota.give_back(home());
    EXPECT_TRUE(quota.take(home()));
}

TEST(NetworkQuota, TakesBackNothingThatItDidNotGive) {
    NetworkQuota quota(1, {24, 56});
    quota.give_back(home());

    EXPECT_TRUE(quota.take(home()));
    EXPECT_FALSE(quota.take(home()));
}

}  // namespace
