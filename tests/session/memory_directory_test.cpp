// The memory store as an administrator sees it (REV-004).

#include <algorithm>

#include <gtest/gtest.h>

#include "session/memory_store.h"
#include "tests/session/fixtures.h"
#include "tests/support/run_task.h"

namespace {

using namespace fixtures;
using policy::Reason;
using session::MemoryStore;
using session::Selection;
using session::SessionKey;
using support::run;
using Mode = session::Directory::Mode;

class MemoryDirectory : public testing::Test {
protected:
    session::Locator add(session::Session value) {
        const auto key = new_key();
        EXPECT_TRUE(run(store_.create(key, record(std::move(value)), kStart)));
        return key;
    }

    static session::Session user_at(std::string name, policy::IpAddress bound,
                                    policy::IpAddress last) {
        auto value = user(std::move(name));
        value.environment = {client(bound), client(last)};
        return value;
    }

    std::vector<SessionKey> meant(Selection selection) {
        const auto listed = run(store_.list(std::move(selection), 100)).value();
        std::vector<SessionKey> keys;
        for (const auto& each : listed) keys.push_back(*SessionKey::parse(each.handle));
        std::sort(keys.begin(), keys.end());
        return keys;
    }

    static std::vector<SessionKey> sorted(std::vector<SessionKey> keys) {
        std::sort(keys.begin(), keys.end());
        return keys;
    }

    bool is_live(session::Locator key) {
        const auto lookup = run(store_.load(key));
        return std::holds_alternative<session::Stored>(*lookup);
    }

    MemoryStore store_{{}};
    session::Locator home_ = add(user_at("alice", home(), home()));
    session::Locator moved_ = add(user_at("alice", home(), elsewhere()));
    session::Locator bobs_ = add(user_at("bob", elsewhere(), elsewhere()));
    session::Locator strangers_ = add(stranger());
};

policy::Network network(policy::IpAddress address) {
    return policy::network_of(address, {24, 56});
}

TEST_F(MemoryDirectory, ListsWhatIsMeant) {
    Selection of_alice, at_home, of_bob_at_home, one;
    of_alice.user = policy::UserName("alice");
    at_home.network = network(home());
    of_bob_at_home.network = network(home());
    of_bob_at_home.user = policy::UserName("bob");
    one.handle = bobs_.handle();

    EXPECT_EQ(meant({}), sorted({home_, moved_, bobs_, strangers_}));
    EXPECT_EQ(meant(of_alice), sorted({home_, moved_}));
    EXPECT_EQ(meant(at_home), sorted({home_, moved_, strangers_}));
    EXPECT_TRUE(meant(of_bob_at_home).empty());
    EXPECT_EQ(meant(one), std::vector{bobs_.key});
    one.user = policy::UserName("alice");
    EXPECT_TRUE(meant(one).empty()) << "all that is set must hold";
    one.handle = session::Handle("no handle");
    EXPECT_TRUE(meant(one).empty());
}

TEST_F(MemoryDirectory, TellsLaterLoginsFromEarlierOnes) {
    auto later = user("alice");
    later.authentication->at = kStart + 1h;
    const auto late = new_key();
    ASSERT_TRUE(run(store_.create(late, record(later), kStart)));
    Selection early;
    early.created_before = kStart + 1h;

    EXPECT_EQ(meant(early), sorted({home_, moved_, bobs_, strangers_}));
    early.created_before = kStart + 1h + 1ms;
    EXPECT_EQ(meant(early), sorted({home_, moved_, bobs_, strangers_, late}));
    early.created_before = kStart;
    EXPECT_TRUE(meant(early).empty());
}

TEST_F(MemoryDirectory, DescribesWithoutASecret) {
    Selection one;
    one.handle = moved_.handle();

    const auto summary = run(store_.list(one, 1)).value().at(0);

    EXPECT_EQ(summary.user->text(), "alice");
    EXPECT_EQ(summary.login.text(), "form");
    EXPECT_EQ(summary.authenticated_at, kStart);
    EXPECT_EQ(summary.last_seen, kStart);
    EXPECT_EQ(summary.expires, kStart + 8h);
    EXPECT_EQ(summary.bound, home());
    EXPECT_EQ(summary.last, elsewhere());
    EXPECT_EQ(summary.agent, "Firefox on Linux");
}

TEST_F(MemoryDirectory, EndsWhatIsMeantAndNothingElse) {
    Selection of_alice;
    of_alice.user = policy::UserName("alice");

    const auto revoked = run(store_.revoke(of_alice, Mode::ForReal, 1)).value();

    EXPECT_EQ(revoked.sessions, 2U);
    EXPECT_EQ(revoked.first.size(), 1U) << "described are as many as asked for";
    EXPECT_FALSE(is_live(home_));
    EXPECT_FALSE(is_live(moved_));
    EXPECT_TRUE(is_live(bobs_));
    const auto ended = run(store_.load(home_));
    EXPECT_EQ(std::get<session::Ended>(*ended).reason, Reason::Revoked);
    EXPECT_EQ(run(store_.revoke(of_alice, Mode::ForReal, 1)).value().sessions, 0U);
}

TEST_F(MemoryDirectory, RehearsesWithoutAnEffect) {
    const auto revoked = run(store_.revoke({}, Mode::Rehearsal, 100)).value();

    EXPECT_EQ(revoked.sessions, 4U);
    EXPECT_EQ(revoked.first.size(), 4U);
    EXPECT_EQ(store_.size(), 4U);
}

TEST_F(MemoryDirectory, EndsEverything) {
    for (int i = 0; i < 5000; ++i) add(user(std::to_string(i)));

    EXPECT_EQ(run(store_.revoke({}, Mode::ForReal, 0)).value().sessions, 5004U);
    EXPECT_EQ(store_.size(), 0U);
}

}  // namespace
