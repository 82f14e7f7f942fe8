#include "policy/detectors/binding.h"

#include <gtest/gtest.h>

#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using Mode = BindingMode;
using support::address;

const AgentFamily kFirefox = agent_family("Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0");
const AgentFamily kCurl = agent_family("curl/8.1");
const ClientEnvironment kHome{address("192.0.2.10"), kFirefox};
const ClientEnvironment kNeighbour{address("192.0.2.99"), kFirefox};
const ClientEnvironment kAbroad{address("198.51.100.1"), kFirefox};
const ClientEnvironment kTool{address("192.0.2.10"), kCurl};

BindingPolicy bound(Mode mode, bool exact = false) {
    BindingPolicy policy;
    policy.network.mode = mode;
    policy.network.exact = exact;
    policy.agent.mode = mode;
    return policy;
}

TEST(Binding, TheSameNetworkIsTheSamePlace) {  // BND-001
    EXPECT_TRUE(check_binding(bound(Mode::Revoke), kHome, kHome, kNeighbour).empty());
}

TEST(Binding, ExactMeansTheVeryAddress) {
    const auto findings = check_binding(bound(Mode::Revoke, true), kHome, kHome, kNeighbour);

    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].reaction, Reaction::Revoke);
}

TEST(Binding, AnotherNetworkHasTheReactionOfItsMode) {
    using Row = std::pair<Mode, Reaction>;
    for (const auto& [mode, reaction] :
         {Row{Mode::Observe, Reaction::Observe}, Row{Mode::StepUp, Reaction::StepUp},
          Row{Mode::Lock, Reaction::Lock}, Row{Mode::Revoke, Reaction::Revoke}}) {
        const auto findings = check_binding(bound(mode), kHome, kHome, kAbroad);

        ASSERT_EQ(findings.size(), 1U);
        EXPECT_EQ(findings[0].event, Event::SessionBindMismatch);
        EXPECT_EQ(findings[0].reaction, reaction);
        EXPECT_EQ(findings[0].arguments[0].second, "network");
    }
}

TEST(Binding, AnotherUserAgentIsASignalOfItsOwn) {  // BND-003
    auto policy = bound(Mode::Lock);
    policy.network.mode = Mode::Off;

    const auto findings = check_binding(policy, kHome, kHome, kTool);

    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].reaction, Reaction::Lock);
    EXPECT_EQ(findings[0].arguments[0].second, "user_agent");
    EXPECT_EQ(findings[0].arguments[1].second, "Firefox on Linux");
}

TEST(Binding, BothSignalsAreTold) {
    const ClientEnvironment thief{kAbroad.address, kCurl};

    EXPECT_EQ(check_binding(bound(Mode::Observe), kHome, kHome, thief).size(), 2U);
}

TEST(Binding, ASessionThatLivesElsewhereIsToldOnce) {
    EXPECT_TRUE(check_binding(bound(Mode::Observe), kHome, kAbroad, kAbroad).empty());
    EXPECT_TRUE(check_binding(bound(Mode::Observe), kHome, kTool, kTool).empty());
    for (const auto mode : {Mode::StepUp, Mode::Lock, Mode::Revoke})
        EXPECT_FALSE(check_binding(bound(mode), kHome, kAbroad, kAbroad).empty());
}

TEST(Binding, OffSaysNothing) {
    EXPECT_TRUE(check_binding(bound(Mode::Off), kHome, kHome, kAbroad).empty());
    EXPECT_TRUE(check_binding(bound(Mode::Off), kHome, kHome, kTool).empty());
}

TEST(Binding, EachFurtherMoveIsToldAndComingHomeIsNot) {
    const ClientEnvironment far{address("203.0.113.1"), kFirefox};

    const auto moved = check_binding(bound(Mode::Observe), kHome, kAbroad, far);

    ASSERT_EQ(moved.size(), 1U);
    EXPECT_EQ(moved[0].arguments[1].second, "192.0.2.10") << "the place of the login";
    EXPECT_EQ(moved[0].arguments[2].second, "203.0.113.1");
    EXPECT_TRUE(check_binding(bound(Mode::Observe), kHome, kAbroad, kHome).empty());
    EXPECT_TRUE(check_binding(bound(Mode::Revoke), kHome, kAbroad, kHome).empty());
}

TEST(Binding, TheNextVersionIsTheSameAgent) {  // BND-003
    const ClientEnvironment updated{kHome.address,
                                    agent_family("Mozilla/5.0 (X11; Linux x86_64) Firefox/129.0")};

    EXPECT_TRUE(check_binding(bound(Mode::Revoke), kHome, kHome, updated).empty());
    EXPECT_TRUE(is_same_client(bound(Mode::Revoke), kHome, updated));
}

TEST(Binding, ComparesTheBitsThatThePolicyNames) {
    const auto at = [](std::string_view text) {
        return ClientEnvironment{address(text), kFirefox};
    };
    auto policy = bound(Mode::Revoke);
    const auto is_told = [&](std::string_view from, std::string_view to) {
        return !check_binding(policy, at(from), at(from), at(to)).empty();
    };

    EXPECT_FALSE(is_told("2001:db8:0:1::1", "2001:db8:0:ff::1")) << "a /56";
    EXPECT_TRUE(is_told("2001:db8:0:1::1", "2001:db8:0:100::1"));
    EXPECT_TRUE(is_told("192.0.2.10", "2001:db8::1")) << "another family of addresses";
    policy.network.network = {16, 32};
    EXPECT_FALSE(is_told("198.51.1.1", "198.51.2.1"));
    EXPECT_FALSE(is_told("2001:db8:1::1", "2001:db8:2::1"));
}

TEST(Binding, AMappedAddressIsTheAddressItMaps) {  // BND-002
    const ClientEnvironment mapped{address("::ffff:192.0.2.10"), kFirefox};

    EXPECT_TRUE(check_binding(bound(Mode::Revoke, true), kHome, kHome, mapped).empty());
}

TEST(Binding, TheSameClientIsTheSameInBothSignals) {
    EXPECT_TRUE(is_same_client(bound(Mode::Off), kHome, kNeighbour));
    EXPECT_FALSE(is_same_client(bound(Mode::Off), kHome, kAbroad));
    EXPECT_FALSE(is_same_client(bound(Mode::Off), kHome, kTool));
    EXPECT_FALSE(is_same_client(bound(Mode::Off, true), kHome, kNeighbour));
}

}  // namespace
}  // namespace policy
