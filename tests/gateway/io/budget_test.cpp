#include <array>
#include <string>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "gateway/io/stream.h"
#include "tests/support/wire.h"

// One connection between fast peers must not keep the worker from everybody else: from other
// clients, from deadlines, from the order to end.

namespace gateway {
namespace {

using std::chrono::seconds;

struct Budget : testing::Test {
    static constexpr int kEndless = 100'000;

    support::Wire wire;
    PlainStream stream{wire.connect(), wire.wheel};
    int operations = 0;
    bool ended = false;

    // Never has to wait: the peer takes whatever is written, at once.
    Task<void> write_on() {
        for (; operations < kEndless; ++operations) {
            const auto written = co_await stream.write("x", seconds(1));
            if (!written) break;
            std::ignore = wire.peer.take(16);
        }
        ended = true;
    }

    // Never has to wait either.
    Task<void> read_on() {
        std::array<char, 1> space;
        for (; operations < kEndless; ++operations) {
            wire.peer.send("x");
            const auto got = co_await stream.read(space, seconds(1));
            if (!got) break;
        }
        ended = true;
    }

    void expect_others_get_their_turn(Task<void> task) {
        bool had_my_turn = false;
        boost::asio::post(wire.loop, [&] { had_my_turn = true; });

        session::spawn(std::move(task));

        EXPECT_TRUE(wire.run_until([&] { return had_my_turn; }));
        EXPECT_LT(operations, kEndless);
        EXPECT_TRUE(wire.run_until([&] { return ended; }));
        EXPECT_EQ(operations, kEndless);
    }
};

TEST_F(Budget, WhoWritesWithoutWaitingGivesWay) {
    expect_others_get_their_turn(write_on());
}

TEST_F(Budget, WhoReadsWithoutWaitingGivesWay) {
    expect_others_get_their_turn(read_on());
}

TEST_F(Budget, AStreamThatIsClosedMeanwhileIsSeenToBe) {
    session::spawn(write_on());

    stream.close();

    EXPECT_TRUE(wire.run_until([&] { return ended; }));
    EXPECT_LT(operations, kEndless);
}

TEST_F(Budget, AnExchangeIsNotInterrupted) {
    constexpr int kFew = 8;
    operations = kEndless - kFew;

    session::spawn(write_on());

    EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace gateway
