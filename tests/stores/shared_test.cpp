// Two gateways on one store: what one does the other knows (REV-002, SID-007).

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/stores/gateway.h"

namespace stores {
namespace {

using namespace fixtures;
using session::Directory;
using session::Ended;
using session::Missing;
using session::Selection;
using session::Stored;
using session::Write;

class SharedStores : public testing::Test {
protected:
    SharedStores() {
        EXPECT_TRUE(one.run_until([&] { return one.rechecks > 0; }));
        EXPECT_TRUE(other.run_until([&] { return other.rechecks > 0; }));
    }

    session::Locator created(session::Session value = user()) {
        const auto at = new_key();
        EXPECT_TRUE(one.run(one.store().create(at, record(std::move(value)), kStart)));
        return at;
    }
    static session::Lookup load(Gateway& gateway, const session::Locator& at) {
        return gateway.run(gateway.store().load(at)).value();
    }
    static bool is_live(Gateway& gateway, const session::Locator& at) {
        return std::holds_alternative<Stored>(load(gateway, at));
    }
    static Reason ended_reason(Gateway& gateway, const session::Locator& at) {
        const auto found = load(gateway, at);
        const auto* ended = std::get_if<Ended>(&found);
        return ended ? ended->reason : Reason::None;
    }
    static Write end(Gateway& gateway, const session::SessionKey& key, Reason reason) {
        return gateway.run(gateway.store().end(key, reason, kStart + 8h)).value();
    }
    static bool hears(Gateway& gateway, const session::SessionKey& key) {
        return gateway.run_until([&] {
            return std::any_of(gateway.heard.begin(), gateway.heard.end(),
                               [&](const auto& heard) { return heard.key == key; });
        });
    }

    std::shared_ptr<const config::Settings> settings = policy_of_this_test();
    Gateway one{settings};
    Gateway other{settings};
};

TEST_F(SharedStores, GiveOneWhatTheOtherHasWritten) {
    const auto at = created(user("alice"));

    const auto found = load(other, at);

    ASSERT_TRUE(std::holds_alternative<Stored>(found));
    EXPECT_EQ(*std::get<Stored>(found).session, user("alice"));
}

TEST_F(SharedStores, LetOneOfTwoWritersWin) {
    const auto at = created();
    const auto version = std::get<Stored>(load(other, at)).version;

    const auto first =
        one.run(one.store().replace(at, version, record(user("bob")), kStart)).value();
    const auto second =
        other.run(other.store().replace(at, version, record(user("carol")), kStart)).value();

    EXPECT_EQ(first, Write::Done);
    EXPECT_EQ(second, Write::Conflict);
    EXPECT_EQ(*std::get<Stored>(load(other, at)).session, user("bob"));
}

TEST_F(SharedStores, EndForBoth) {
    const auto at = created();

    EXPECT_EQ(end(other, at, Reason::Revoked), Write::Done);

    EXPECT_EQ(ended_reason(one, at), Reason::Revoked);
    EXPECT_EQ(end(one, at, Reason::LoggedOut), Write::Gone);
}

TEST_F(SharedStores, TellEveryGatewayOfAnEnd) {
    const auto at = created();

    (void)end(other, at, Reason::Revoked);

    ASSERT_TRUE(hears(one, at));
    ASSERT_TRUE(hears(other, at));
    EXPECT_EQ(one.heard.front().reason, Reason::Revoked);
    EXPECT_TRUE(one.heard.front().has_session) << "only that one knows whose backend is to be told";
    EXPECT_FALSE(other.heard.front().has_session);
}

TEST_F(SharedStores, TellABackendOnce) {
    const auto at = created();
    (void)load(other, at);

    (void)end(one, at, Reason::Revoked);

    ASSERT_TRUE(hears(other, at));
    ASSERT_TRUE(one.run_until([&] { return one.heard.size() == 2; }))
        << "its own notice comes back to it";
    const auto with_session = [](const Gateway& gateway) {
        return std::count_if(gateway.heard.begin(), gateway.heard.end(),
                             [](const auto& heard) { return heard.has_session; });
    };
    EXPECT_EQ(with_session(one) + with_session(other), 1);
}

TEST_F(SharedStores, OpenNoRecordForWhoHasNotItsFamily) {
    const auto at = created();
    auto without = new_key();
    without.key = at.key;

    EXPECT_TRUE(std::holds_alternative<Missing>(load(one, without)));
}

TEST_F(SharedStores, FindTheSessionsOfAUserFromAnywhere) {
    const auto at = created(user("alice"));

    const auto found = other.run(other.store().sessions_of(policy::UserName("alice"))).value();

    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].key, at.key);
    EXPECT_EQ(found[0].authenticated_at, kStart);
}

TEST_F(SharedStores, ListAndRevokeFromAnywhere) {
    const auto alices = created(user("alice"));
    const auto bobs = created(user("bob"));
    const auto strangers = created(stranger());
    Selection of_alice, of_home;
    of_alice.user = policy::UserName("alice");
    of_home.network = policy::network_of(home(), {24, 56});

    const auto listed = other.run(other.directory().list({}, 100)).value();
    EXPECT_EQ(listed.size(), 3U);
    const auto rehearsed =
        other.run(other.directory().revoke(of_alice, Directory::Mode::Rehearsal, 100)).value();
    EXPECT_EQ(rehearsed.sessions, 1U);
    EXPECT_TRUE(is_live(one, alices));

    const auto revoked =
        other.run(other.directory().revoke(of_alice, Directory::Mode::ForReal, 100)).value();
    EXPECT_EQ(revoked.sessions, 1U);
    EXPECT_EQ(revoked.first.at(0).user->text(), "alice");
    EXPECT_EQ(ended_reason(one, alices), Reason::Revoked);
    EXPECT_TRUE(is_live(one, bobs));
    (void)other.run(other.directory().revoke(of_home, Directory::Mode::ForReal, 100)).value();
    EXPECT_EQ(ended_reason(one, bobs), Reason::Revoked);
    EXPECT_EQ(ended_reason(one, strangers), Reason::Revoked);
}

TEST_F(SharedStores, RevokeOneByItsHandle) {
    const auto at = created();
    const auto bystander = created();
    Selection one_of_them;
    one_of_them.handle = at.handle();

    const auto revoked =
        other.run(other.directory().revoke(one_of_them, Directory::Mode::ForReal, 100)).value();

    EXPECT_EQ(revoked.sessions, 1U);
    EXPECT_FALSE(is_live(one, at));
    EXPECT_TRUE(is_live(one, bystander));
}

TEST_F(SharedStores, EndEverythingThatBeganBefore) {
    const auto early = created(user("alice"));
    auto value = user("bob");
    value.authentication->at = kStart + 1h;
    const auto late = created(value);
    Selection before;
    before.created_before = kStart + 30min;

    (void)other.run(other.directory().revoke(before, Directory::Mode::ForReal, 100)).value();

    EXPECT_EQ(ended_reason(one, early), Reason::Revoked);
    EXPECT_TRUE(is_live(one, late));
}

TEST_F(SharedStores, EndASessionThatWasIdleOnce) {
    const auto idle = created();
    const auto active = created();
    one.run(one.store().touch(active, kStart + 20min));
    (void)load(one, active);

    const auto now = kStart + 30min;
    one.clock.advance(30min);
    other.clock.advance(30min);
    const auto swept = one.sweep(now) + other.sweep(now);

    EXPECT_EQ(swept, 1U);
    EXPECT_EQ(ended_reason(other, idle), Reason::IdleTimeout);
    EXPECT_TRUE(is_live(other, active));
    EXPECT_TRUE(hears(other, idle));
}

TEST_F(SharedStores, SweepSessionsPastTheirAbsoluteEnd) {
    const auto at = created();
    for (auto now = kStart; now < kStart + 8h; now += 20min) one.run(one.store().touch(at, now));
    (void)load(one, at);

    EXPECT_EQ(one.sweep(kStart + 8h - 1ms), 0U);
    EXPECT_EQ(one.sweep(kStart + 8h), 1U);

    EXPECT_EQ(ended_reason(other, at), Reason::AbsoluteTimeout);
}

TEST_F(SharedStores, CountStrangersOfANetworkTogether) {
    const auto few = policy_of_this_test();
    if (few->redis) few->redis->strangers_per_network = 2;
    if (few->sql) few->sql->strangers_per_network = 2;
    Gateway third(few), fourth(few);
    const auto create = [](Gateway& gateway, session::Session value) {
        const auto made = gateway.run(gateway.store().create(new_key(), record(value), kStart));
        return made ? Reason::None : made.error().reason;
    };

    EXPECT_EQ(create(third, stranger()), Reason::None);
    EXPECT_EQ(create(fourth, stranger()), Reason::None);
    EXPECT_EQ(create(third, stranger()), Reason::TooManyStrangers);
    EXPECT_EQ(create(fourth, user()), Reason::None) << "who logs in is no stranger";
}

}  // namespace
}  // namespace stores
