// The laws of a session's life over long random sequences (millions of steps), with a clock that
// the test moves.

#include <deque>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "session/manager.h"
#include "tests/session/browser.h"

namespace {

using namespace fixtures;
using policy::Reason;
using session::Standing;

// The same sequence in every run.
class Dice {
public:
    std::size_t below(std::size_t most) { return random_() % most; }
    bool one_in(std::size_t chances) { return below(chances) == 0; }

private:
    std::mt19937_64 random_{20'261'126};
};

policy::LoginPending pending(std::string name, policy::Instant until) {
    policy::LoginPending login;
    login.login = {logged_in(std::move(name)).identity, "/home", until};
    return login;
}

policy::SessionEvent any_event(Dice& dice, policy::Instant now) {
    const std::string name = dice.one_in(2) ? "alice" : "bob";
    switch (dice.below(9)) {
        case 0:
            return logged_in(name);
        case 1:
            return pending(name, now + 1min);
        case 2:
            return policy::LoginConfirmed{logged_in(name).identity};
        case 3:
            return policy::LoginRefuted{};
        case 4:
            return policy::Demoted{};
        case 5:
            return policy::Distrusted{};
        case 6:
            return policy::ClientMoved{client(dice.one_in(2) ? home() : elsewhere())};
        default:
            return cookies_set({"n=" + std::to_string(dice.below(3))});
    }
}

bool authenticates(const policy::SessionEvent& event) {
    return std::holds_alternative<policy::LoggedIn>(event) ||
           std::holds_alternative<policy::LoginConfirmed>(event);
}

// How much a session may do: a user more than a stranger, a trusted one more than a distrusted.
int trust(const session::Session& session) {
    if (!session.authentication) return 0;
    return session.needs_step_up ? 1 : 2;
}

TEST(FamilyProperties, TrustRisesAndTheAbsoluteEndMovesOnlyAtAnAuthentication) {
    constexpr int kSteps = 1'000'000;
    const session::Limits limits;
    const session::VaultLimits small{3, 500};
    Dice dice;
    auto now = kStart;
    auto session = stranger();
    for (int i = 0; i < kSteps; ++i) {
        now += std::chrono::seconds(dice.below(30));
        const auto event = any_event(dice, now);
        const auto change = session::reduce(session, std::span(&event, 1), small, now);
        const auto& next = change.next;
        if (!authenticates(event)) {
            ASSERT_LE(trust(next), trust(session)) << "step " << i;
            const bool same_class =
                next.authentication.has_value() == session.authentication.has_value();
            if (same_class) {
                ASSERT_EQ(absolute_end(next, limits), absolute_end(session, limits))
                    << "step " << i;
            }
        }
        if (trust(next) > trust(session)) {
            ASSERT_EQ(change.kind, session::Change::Kind::Rotate) << "step " << i;
        }
        session = next;
    }
}

TEST(FamilyProperties, EachGenerationHasOneSuccessor) {
    constexpr int kSteps = 1'000'000;
    constexpr session::RotationRules rules;
    Dice dice;
    std::uint64_t count = 0;
    const auto fresh = [&count] {
        session::IdDigest digest{};
        ++count;
        std::memcpy(digest.data(), &count, sizeof count);
        return digest;
    };
    auto now = kStart;
    auto ids = session::begin_with(fresh(), now);
    std::deque<session::IdDigest> past{ids.current};  // Newest first.
    for (int i = 0; i < kSteps; ++i) {
        now += std::chrono::seconds(dice.below(300));
        const auto before = ids;
        if (dice.one_in(50)) {
            ids = session::replace_at_once(ids, fresh(), now);
        } else if (ids.offer && dice.one_in(3)) {
            ids = session::take_up_offer(ids, now);
            ASSERT_EQ(ids.current, before.offer->digest);
        } else if (!ids.offer && is_due(ids, rules, now)) {
            ids.offer = session::Ids::Offer{fresh(), {}};
        }
        if (ids.current != before.current) {
            ASSERT_EQ(ids.generation, before.generation + 1);
            past.push_front(ids.current);
            if (past.size() > 40) past.pop_back();
        }
        // Of all ids that the family has had, at most the last two are honoured.
        for (std::size_t age = 0; age < past.size(); ++age) {
            const auto standing = standing_of(ids, past[age], rules, now);
            ASSERT_EQ(standing == Standing::Current, age == 0);
            if (age > 1) {
                ASSERT_NE(standing, Standing::InGrace) << "step " << i;
            }
        }
    }
}

// One family, used by everybody who ever got a cookie of it.
class Family {
public:
    explicit Family(std::size_t seed) {
        for (std::size_t i = 0; i < seed % 7; ++i) (void)gateway_.random.fill(room_);
        session::Committed committed = gateway_.commit({}, {logged_in()}).value();
        keep(committed);
    }

    bool is_over() const { return is_over_; }

    void step(Dice& dice) {
        gateway_.clock.advance(std::chrono::seconds(dice.below(400)));
        gateway_.client = dice.one_in(4) ? elsewhere() : home();
        const auto loaded = gateway_.load(cookies_[dice.below(cookies_.size())]).value();
        if (is_over_) {
            ASSERT_FALSE(loaded.session) << "a dead family never serves";
            ASSERT_TRUE(loaded.ticket == std::nullopt);
            return;
        }
        if (!loaded.session) {
            is_over_ = gateway_.store.inner.size() == 0;
            return;
        }
        Events events;
        if (dice.one_in(10)) events.push_back(logged_in());
        if (dice.one_in(200)) events.push_back(policy::LoggedOut{});
        keep(gateway_.commit(loaded, events).value());
        is_over_ = gateway_.store.inner.size() == 0;
    }

private:
    void keep(const session::Committed& committed) {
        Browser browser(gateway_);
        browser.take(committed);
        if (!browser.cookie.empty()) cookies_.push_back(browser.cookie);
        if (cookies_.size() > 50) cookies_.erase(cookies_.begin() + 1);  // Never the first.
    }

    Gateway gateway_;
    std::vector<std::string> cookies_;
    std::array<std::uint8_t, 16> room_{};
    bool is_over_ = false;
};

TEST(FamilyProperties, ADeadFamilyNeverServes) {
    Dice dice;
    std::size_t dead_steps = 0;
    for (std::size_t i = 0; i < 2000; ++i) {
        Family family(i);
        for (int step = 0; step < 60; ++step) {
            dead_steps += family.is_over() ? 1 : 0;
            family.step(dice);
            if (testing::Test::HasFatalFailure()) return;
        }
    }
    EXPECT_GT(dead_steps, 10'000U);
}

}  // namespace
