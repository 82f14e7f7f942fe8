#include "policy/detectors/binding.h"

#include <gtest/gtest.h>

#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using Mode = BindingPolicy::Mode;
using support::address;

const IpAddress kHome = address("192.0.2.10");
const IpAddress kNeighbour = address("192.0.2.99");
const IpAddress kAbroad = address("198.51.100.1");

BindingPolicy bound(Mode mode, bool exact = false) {
    BindingPolicy policy;
    policy.mode = mode;
    policy.exact = exact;
    return policy;
}

TEST(Binding, TheSameNetworkIsTheSamePlace) {  // BND-001
    EXPECT_FALSE(check_binding(bound(Mode::Revoke), kHome, kHome, kNeighbour));
}

TEST(Binding, ExactMeansTheVeryAddress) {
    const auto finding = check_binding(bound(Mode::Revoke, true), kHome, kHome, kNeighbour);

    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->reaction, Reaction::Revoke);
}

TEST(Binding, AnotherNetworkIsToldOrEndsTheSession) {
    const auto told = check_binding(bound(Mode::Observe), kHome, kHome, kAbroad);
    const auto ended = check_binding(bound(Mode::Revoke), kHome, kHome, kAbroad);

    ASSERT_TRUE(told && ended);
    EXPECT_EQ(told->event, Event::SessionBindMismatch);
    EXPECT_EQ(told->reaction, Reaction::Observe);
    EXPECT_EQ(ended->reaction, Reaction::Revoke);
}

TEST(Binding, ASessionThatLivesElsewhereIsToldOnce) {
    EXPECT_FALSE(check_binding(bound(Mode::Observe), kHome, kAbroad, kAbroad));
    EXPECT_TRUE(check_binding(bound(Mode::Revoke), kHome, kAbroad, kAbroad));
}

TEST(Binding, OffSaysNothing) {
    EXPECT_FALSE(check_binding(bound(Mode::Off), kHome, kHome, kAbroad));
}

TEST(Binding, AMappedAddressIsTheAddressItMaps) {  // BND-002
    EXPECT_FALSE(
        check_binding(bound(Mode::Revoke, true), kHome, kHome, address("::ffff:192.0.2.10")));
}

}  // namespace
}  // namespace policy
