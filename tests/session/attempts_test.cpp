#include "session/attempts.h"

#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "tests/session/fixtures.h"

namespace {

using namespace fixtures;
using policy::UserName;

std::string argument(const policy::Finding& finding, std::string_view name) {
    for (const auto& [key, value] : finding.arguments) {
        if (key == name) return value;
    }
    return "(none)";
}

class Attempts : public testing::Test {
protected:
    policy::Findings fail(const std::string& user, policy::IpAddress from = home()) {
        return attempts_.failed(UserName(user), counting_, from, now_);
    }
    policy::Findings succeed(const std::string& user, policy::IpAddress from = home()) {
        return attempts_.succeeded(UserName(user), counting_, from, now_);
    }
    static session::AttemptLimits small() {
        session::AttemptLimits limits;
        limits.per_user = {3, 15min};
        limits.per_network = {5, 15min};
        limits.networks_per_user = 2;
        return limits;
    }

    policy::Instant now_ = kStart;
    policy::CountingRule counting_;
    session::Attempts attempts_{small()};
};

TEST_F(Attempts, TellsWhenAUserReachesTheThresholdAndOnlyThen) {
    EXPECT_TRUE(fail("alice").empty());
    EXPECT_TRUE(fail("alice").empty());

    const auto findings = fail("alice");

    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].event, policy::Event::AuthnLoginFailMax);
    EXPECT_EQ(argument(findings[0], "scope"), "user");
    EXPECT_EQ(argument(findings[0], "count"), "3");
    EXPECT_EQ(argument(findings[0], "attempted_user"), "alice");
    EXPECT_TRUE(fail("alice").empty());
}

TEST_F(Attempts, CountsTheSpellingsOfAUserTogether) {
    (void)fail("alice");
    (void)fail("ALICE");

    EXPECT_EQ(fail("Alice").size(), 1U);
}

TEST_F(Attempts, CountsNamesTogetherThatABackendMayFold) {
    (void)fail("-alice");
    (void)fail(" alice. ");

    EXPECT_EQ(fail("_ALICE").size(), 1U);
}

TEST_F(Attempts, CountsAddressesOfItsOwnDomainAsNames) {
    counting_.dropped_domains = {"example.org"};
    (void)fail("alice@EXAMPLE.org");
    (void)fail("alice@example.com");
    (void)fail("alice");

    const auto findings = fail("alice@example.org", elsewhere());

    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(argument(findings[0], "count"), "3");
}

TEST_F(Attempts, KeepsNamesApartWhereTheRuleSaysSo) {
    counting_.folds_case = false;
    counting_.trims_ends = false;
    for (const auto* name : {"alice", "Alice", "alice.", "alice"}) EXPECT_TRUE(fail(name).empty());

    EXPECT_EQ(argument(fail("alice", elsewhere()).at(0), "count"), "3");
}

TEST_F(Attempts, CountsALoginThatNobodyConfirmsAgainstItsUserOnly) {
    for (int i = 0; i < 2; ++i)
        EXPECT_TRUE(attempts_.began(UserName("alice"), counting_, now_).empty());

    const auto findings = attempts_.began(UserName("alice"), counting_, now_);

    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(argument(findings[0], "scope"), "user");
}

TEST_F(Attempts, ForgetsALoginThatWasConfirmed) {
    for (int i = 0; i < 9; ++i) {
        EXPECT_TRUE(attempts_.began(UserName("alice"), counting_, now_).empty());
        (void)succeed("alice");
    }
}

TEST_F(Attempts, CountsNamesThatNobodyCouldReadAsOne) {
    policy::Findings findings;
    for (std::uint8_t i = 1; i <= 3; ++i)
        findings =
            attempts_.failed(std::nullopt, counting_, policy::IpAddress::v4({203, 0, i, 1}), now_);

    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(argument(findings[0], "scope"), "user");
    EXPECT_EQ(findings[0].arguments.size(), 2U) << "there is no name to tell";
}

TEST_F(Attempts, TellsWhenANetworkReachesTheThreshold) {
    for (const auto* user : {"a", "b", "c", "d"}) EXPECT_TRUE(fail(user).empty());

    const auto findings =
        attempts_.failed(std::nullopt, counting_, policy::IpAddress::v4({192, 0, 2, 99}), now_);

    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(argument(findings[0], "scope"), "network");
    EXPECT_EQ(argument(findings[0], "count"), "5");
}

TEST_F(Attempts, ForgetsTheFailuresOfAUserWhoSucceeds) {
    (void)fail("alice");
    (void)fail("alice");
    (void)succeed("Alice");

    EXPECT_TRUE(fail("alice").empty());
}

TEST_F(Attempts, ForgetsNothingForANameThatMayBeAnotherAccount) {
    (void)fail("ada");
    (void)fail("ada");
    (void)succeed("ada_");

    EXPECT_EQ(fail("ada").size(), 1U);
}

TEST_F(Attempts, ForgetsFailuresOutsideTheWindow) {
    (void)fail("alice");
    (void)fail("alice");
    now_ += 31min;

    EXPECT_TRUE(fail("alice").empty());
}

TEST_F(Attempts, WatchesNothingWithAThresholdOfZero) {
    session::AttemptLimits limits;
    limits.per_user.count = 0;
    limits.per_network.count = 0;
    session::Attempts attempts(limits);

    for (int i = 0; i < 50; ++i) {
        EXPECT_TRUE(attempts.failed(UserName("alice"), counting_, home(), now_).empty());
    }
}

TEST_F(Attempts, SaysNothingAboutTheFirstNetworkOfAUser) {
    EXPECT_TRUE(succeed("alice").empty());
    EXPECT_TRUE(succeed("alice").empty());
}

TEST_F(Attempts, TellsANewNetworkOfAKnownUserOnce) {
    (void)succeed("alice");

    const auto findings = succeed("alice", elsewhere());

    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].event, policy::Event::SessionEnvironmentChange);
    EXPECT_EQ(argument(findings[0], "change"), "new_network");
    EXPECT_EQ(argument(findings[0], "counted_network"), "198.51.100.0/24");
    EXPECT_TRUE(succeed("alice", elsewhere()).empty());
    EXPECT_TRUE(succeed("alice").empty());
}

TEST_F(Attempts, ForgetsTheNetworkThatWasUsedLeastRecently) {
    (void)succeed("alice");
    (void)succeed("alice", elsewhere());
    (void)succeed("alice", policy::IpAddress::v4({203, 0, 113, 1}));

    EXPECT_TRUE(succeed("alice", elsewhere()).empty());
    EXPECT_EQ(succeed("alice").size(), 1U);
}

TEST_F(Attempts, IsSharedByThreads) {
    std::vector<std::thread> threads;
    std::atomic<std::size_t> told{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 100; ++j) told += fail("alice").size();
        });
    }
    for (auto& thread : threads) thread.join();

    EXPECT_EQ(told, 2U);  // Once for the user, once for the network.
}

}  // namespace
