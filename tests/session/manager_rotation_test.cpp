// Ids that are replaced in turn: ROT-003 to ROT-005, ROT-007.

#include <set>

#include <gtest/gtest.h>

#include "session/manager.h"
#include "tests/session/browser.h"

namespace {

using namespace fixtures;
using policy::Event;
using policy::Reason;

class ManagerRotation : public testing::Test {
protected:
    ManagerRotation() { browser_.visit({logged_in()}); }

    // One exchange that teaches nothing.
    session::Committed look(Browser& browser) { return browser.visit({}); }

    // The id changes, and the browser has presented the new one.
    void turn() {
        gateway_.clock.advance(15min);
        look(browser_);
        look(browser_);
    }

    Gateway gateway_;
    Browser browser_{gateway_};
};

TEST_F(ManagerRotation, OffersASuccessorWithTheNextAnswerThatIsDue) {
    const auto first = browser_.cookie;
    gateway_.clock.advance(15min - 1ms);
    EXPECT_TRUE(look(browser_).set_cookie.empty());
    gateway_.clock.advance(1ms);

    const auto committed = look(browser_);

    EXPECT_NE(browser_.cookie, first);
    ASSERT_TRUE(tells(committed.findings, Event::SessionIdRotated));
    EXPECT_EQ(committed.findings[0].arguments[1].second, "2");
    EXPECT_EQ(committed.findings[0].arguments[2].second, "periodic");
    EXPECT_EQ(committed.handle, browser_.load().handle);
    EXPECT_EQ(browser_.load().facts().user->text(), "alice");
}

TEST_F(ManagerRotation, TakesTheSuccessorForTheCurrentIdOnceItIsPresented) {
    const auto handle = browser_.load().handle;
    turn();

    const auto loaded = browser_.load();

    EXPECT_EQ(loaded.session->ids.generation, 2U);
    EXPECT_EQ(loaded.handle, handle);
    EXPECT_TRUE(look(browser_).set_cookie.empty());
}

// ROT-005.
TEST_F(ManagerRotation, GivesAllParallelRequestsTheSameSuccessor) {
    gateway_.clock.advance(15min);
    std::vector<session::Loaded> parallel;
    for (int i = 0; i < 50; ++i) parallel.push_back(browser_.load());

    std::set<std::string> cookies;
    std::size_t rotations = 0;
    for (const auto& loaded : parallel) {
        const auto committed = gateway_.commit(loaded, {}).value();
        cookies.insert(committed.set_cookie);
        rotations += committed.findings.size();
    }

    EXPECT_EQ(cookies.size(), 1U);
    EXPECT_EQ(rotations, 1U);
}

TEST_F(ManagerRotation, GivesTheSuccessorOfSomebodyElseWhoWasFaster) {
    gateway_.clock.advance(15min);
    const auto slow = browser_.load();
    std::string faster;
    gateway_.store.before_write = [&] { faster = gateway_.commit(slow, {}).value().set_cookie; };

    const auto committed = gateway_.commit(slow, {}).value();

    EXPECT_EQ(committed.set_cookie, faster);
    EXPECT_TRUE(committed.findings.empty());
}

TEST_F(ManagerRotation, GivesWhoComesInGraceTheIdThatHasReplacedHis) {
    auto late = browser_;
    turn();
    gateway_.clock.advance(10s);

    look(late);

    EXPECT_EQ(late.cookie, browser_.cookie);
}

// ROT-007: the answer with the successor got lost, in grace and long after it.
TEST_F(ManagerRotation, LocksNobodyOutWhoseAnswerGotLost) {
    gateway_.clock.advance(15min);
    auto lost = browser_;
    look(lost);
    const auto offered = lost.cookie;

    for (const auto wait : {1s, 31s, 1000s}) {
        gateway_.clock.advance(wait);
        auto again = browser_;
        EXPECT_TRUE(browser_.load().session);
        look(again);
        EXPECT_EQ(again.cookie, offered) << "the same is offered again";
    }
}

TEST_F(ManagerRotation, OffersNothingWhereTheAnswerMayNeverBeSeen) {
    gateway_.clock.advance(15min);
    gateway_.succession = session::Succession::NotNow;

    EXPECT_TRUE(look(browser_).set_cookie.empty());

    gateway_.succession = session::Succession::MayBeOffered;
    EXPECT_FALSE(look(browser_).set_cookie.empty());
}

// LIF-002: neither use nor rotation moves the absolute end.
TEST_F(ManagerRotation, EndsASessionAtItsAbsoluteLimitHoweverOftenItsIdChanged) {
    for (auto now = kStart; now < kStart + 8h - 5min; now += 5min) {
        gateway_.clock.advance(5min);
        look(browser_);
    }
    ASSERT_TRUE(browser_.load().session);
    EXPECT_GT(browser_.load().session->ids.generation, 20U);
    gateway_.clock.advance(5min);

    EXPECT_EQ(browser_.load().refused, Reason::AbsoluteTimeout);
}

TEST_F(ManagerRotation, SetsNoCookieOfASessionThatEndedMeanwhile) {
    gateway_.clock.advance(15min);
    const auto slow = browser_.load();
    browser_.visit({policy::LoggedOut{}});

    const auto committed = gateway_.commit(slow, {}).value();

    EXPECT_TRUE(committed.is_late);
    EXPECT_TRUE(committed.set_cookie.empty());
}

TEST_F(ManagerRotation, LogsInOverAnOffer) {
    gateway_.clock.advance(15min);
    auto other = browser_;
    look(other);

    browser_.visit({logged_in("alice")});

    EXPECT_NE(browser_.cookie, other.cookie);
    EXPECT_TRUE(browser_.load().session);
    const auto crossed = other.load();
    EXPECT_EQ(crossed.refused, Reason::Superseded);
    EXPECT_TRUE(crossed.crossed_login) << "no sign of theft: it was on its way";
}

TEST_F(ManagerRotation, NeedsRandomBytesForASuccessor) {
    gateway_.clock.advance(15min);
    const auto loaded = browser_.load();
    gateway_.random.fail();

    const auto committed = gateway_.commit(loaded, {});

    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().reason, Reason::RandomUnavailable);
}

// LIF-006: a page that polls does not hold a session.
TEST_F(ManagerRotation, LetsASessionGoIdleThatOnlyPolls) {
    gateway_.activity = session::Visit::Activity::Ignored;
    for (int i = 0; i < 29; ++i) {
        gateway_.clock.advance(1min);
        browser_.visit({cookies_set({"n=" + std::to_string(i)})});
        ASSERT_TRUE(browser_.load().session);
    }
    gateway_.clock.advance(1min);

    EXPECT_EQ(browser_.load().refused, Reason::IdleTimeout);
}

}  // namespace
