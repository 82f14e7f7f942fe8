#include "gateway/live_exchanges.h"

#include <gtest/gtest.h>

#include "tests/session/fixtures.h"
#include "tests/support/loop.h"

namespace {

using gateway::LiveExchanges;
using policy::Reason;

class Live : public testing::Test {
protected:
    LiveExchanges::Cut note(std::vector<Reason>& cuts) {
        return [&cuts](Reason reason) { cuts.push_back(reason); };
    }
    support::Loop loop_;
    LiveExchanges live_{loop_.wheel};
    session::Locator at_ = fixtures::new_key();
    std::vector<Reason> cuts_, others_;
};

TEST_F(Live, CutsWhatIsUnderWayForASessionThatEnded) {
    const LiveExchanges::Entry one(live_, at_, note(cuts_));
    const LiveExchanges::Entry two(live_, at_, note(cuts_));
    const LiveExchanges::Entry other(live_, fixtures::new_key(), note(others_));

    live_.ended(at_, Reason::Revoked);

    EXPECT_TRUE(cuts_.empty()) << "not at once";
    EXPECT_TRUE(loop_.run_until([&] { return cuts_.size() == 2; }));
    EXPECT_EQ(cuts_[0], Reason::Revoked);
    EXPECT_TRUE(others_.empty());
}

TEST_F(Live, LeavesWhatBeganLater) {
    const LiveExchanges::Entry first(live_, at_, note(cuts_));
    live_.ended(at_, Reason::Revoked);
    const LiveExchanges::Entry later(live_, at_, note(others_));

    EXPECT_TRUE(loop_.run_until([&] { return !cuts_.empty(); }));

    EXPECT_TRUE(others_.empty());
}

TEST_F(Live, ForgetsWhatIsOver) {
    { const LiveExchanges::Entry over(live_, at_, note(cuts_)); }
    auto ending = std::make_unique<LiveExchanges::Entry>(live_, at_, note(cuts_));
    const LiveExchanges::Entry staying(live_, at_, note(others_));
    EXPECT_EQ(live_.sessions().size(), 2U);
    live_.ended(at_, Reason::Revoked);
    ending.reset();

    EXPECT_TRUE(loop_.run_until([&] { return !others_.empty(); }));

    EXPECT_TRUE(cuts_.empty());
    EXPECT_EQ(live_.sessions().size(), 1U);
}

TEST_F(Live, MayLoseOneByCuttingAnother) {
    std::unique_ptr<LiveExchanges::Entry> other;
    const LiveExchanges::Entry staying(live_, at_, note(others_));
    other = std::make_unique<LiveExchanges::Entry>(live_, at_, note(cuts_));
    const LiveExchanges::Entry first(live_, at_, [&](Reason) { other.reset(); });

    live_.ended(at_, Reason::LoggedOut);

    EXPECT_TRUE(loop_.run_until([&] { return !others_.empty(); }));
    EXPECT_TRUE(cuts_.empty());
}

}  // namespace
