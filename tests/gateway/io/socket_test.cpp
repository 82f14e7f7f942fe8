#include "gateway/io/socket.h"

#include <optional>

#include <gtest/gtest.h>

#include "tests/support/loop.h"
#include "tests/support/nodes.h"
#include "tests/support/peer.h"

namespace gateway {
namespace {

using support::Waiter;

constexpr policy::Duration kNow{0};
constexpr policy::Duration kLong = std::chrono::hours(1);

struct SocketTest : testing::Test {
    support::Loop loop;
    support::Ends ends = support::make_ends(loop);
    support::Peer& peer = ends.theirs;
    std::optional<Socket> socket{std::in_place, std::move(ends.ours), loop.wheel};

    session::Task<Wake> wait(Direction direction, policy::Duration timeout) {
        co_return co_await socket->wait(direction, timeout);
    }
    bool run_until_woken(const Waiter& waiter) {
        return loop.run_until([&] { return waiter.wake.has_value(); });
    }
    void fill() {
        const std::string block(4096, 'x');
        while (::send(socket->descriptor(), block.data(), block.size(), 0) > 0) continue;
    }
};

TEST_F(SocketTest, NotifyWakesWhenSomethingArrives) {
    Waiter waiter;
    socket->notify(Direction::Read, waiter);
    loop.settle();
    ASSERT_FALSE(waiter.wake);

    peer.send("x");

    ASSERT_TRUE(run_until_woken(waiter));
    EXPECT_EQ(waiter.wake, Wake::Ready);
}

TEST_F(SocketTest, NotifyNeverWakesFromWithinTheCall) {
    Waiter waiter;
    peer.send("x");

    socket->notify(Direction::Read, waiter);

    EXPECT_FALSE(waiter.wake);
    EXPECT_TRUE(run_until_woken(waiter));
}

TEST_F(SocketTest, NotifyWakesOnce) {
    Waiter waiter;
    socket->notify(Direction::Read, waiter);
    peer.send("x");
    ASSERT_TRUE(run_until_woken(waiter));
    waiter.wake.reset();

    peer.send("y");
    loop.settle();

    EXPECT_FALSE(waiter.wake);
}

TEST_F(SocketTest, NotifyWakesWhenThePeerLeaves) {
    Waiter waiter;
    socket->notify(Direction::Read, waiter);

    peer.close();

    ASSERT_TRUE(run_until_woken(waiter));
    EXPECT_EQ(waiter.wake, Wake::Ready);
}

TEST_F(SocketTest, SeveralMayWaitForOneDirection) {
    Waiter first;
    Waiter second;
    socket->notify(Direction::Read, first);
    socket->notify(Direction::Read, second);

    peer.send("x");

    EXPECT_TRUE(run_until_woken(first));
    EXPECT_TRUE(run_until_woken(second));
}

TEST_F(SocketTest, WhoLeavesIsNotWoken) {
    Waiter leaving;
    Waiter staying;
    socket->notify(Direction::Read, staying);
    socket->notify(Direction::Read, leaving);

    leaving.leave();

    peer.send("x");
    ASSERT_TRUE(run_until_woken(staying));
    EXPECT_FALSE(leaving.wake);
}

TEST_F(SocketTest, LeavingIsAllowedInAnyOrderAndTwice) {
    Waiter first;
    Waiter second;
    Waiter third;
    for (auto* waiter : {&first, &second, &third}) socket->notify(Direction::Read, *waiter);

    second.leave();
    second.leave();
    third.leave();

    peer.send("x");
    EXPECT_TRUE(run_until_woken(first));
    EXPECT_FALSE(second.wake);
    EXPECT_FALSE(third.wake);
}

TEST_F(SocketTest, AWaiterThatIsDestroyedHasLeft) {
    std::optional<Waiter> destroyed{std::in_place};
    Waiter staying;
    socket->notify(Direction::Read, *destroyed);
    socket->notify(Direction::Read, staying);

    destroyed.reset();

    peer.send("x");
    EXPECT_TRUE(run_until_woken(staying));
}

TEST_F(SocketTest, WaitEndsWhenTheSocketIsReadable) {
    support::Started waiting(wait(Direction::Read, kLong));
    loop.settle();
    ASSERT_FALSE(waiting.is_done());

    peer.send("x");

    ASSERT_TRUE(loop.run_until([&] { return waiting.is_done(); }));
    EXPECT_EQ(waiting.result(), Wake::Ready);
}

TEST_F(SocketTest, WaitEndsWhenTheSocketIsWritableAgain) {
    fill();
    support::Started waiting(wait(Direction::Write, kLong));
    loop.settle();
    ASSERT_FALSE(waiting.is_done());

    EXPECT_NE(peer.take(), "");

    ASSERT_TRUE(loop.run_until([&] { return waiting.is_done(); }));
    EXPECT_EQ(waiting.result(), Wake::Ready);
}

TEST_F(SocketTest, WaitEndsAtItsDeadline) {
    EXPECT_EQ(loop.finish(wait(Direction::Read, kNow)), Wake::TimedOut);
}

TEST_F(SocketTest, AParkedWaitServesTheNextOne) {
    Waiter gone;
    socket->notify(Direction::Read, gone);
    gone.leave();
    peer.send("x");
    loop.settle();  // Nobody waits while it arrives.

    support::Started waiting(wait(Direction::Read, kLong));

    EXPECT_TRUE(waiting.is_done());
    EXPECT_EQ(waiting.result(), Wake::Ready);
}

TEST_F(SocketTest, CloseWakesWaitersFromTheLoop) {
    Waiter reader;
    Waiter writer;
    fill();
    socket->notify(Direction::Read, reader);
    socket->notify(Direction::Write, writer);

    socket->close();

    EXPECT_FALSE(socket->is_open());
    EXPECT_FALSE(reader.wake);
    ASSERT_TRUE(run_until_woken(reader));
    ASSERT_TRUE(run_until_woken(writer));
    EXPECT_EQ(reader.wake, Wake::Closed);
    EXPECT_EQ(writer.wake, Wake::Closed);
}

TEST_F(SocketTest, CloseIsSeenByThePeer) {
    socket->close();
    socket->close();

    EXPECT_TRUE(peer.has_ended());
    EXPECT_EQ(socket->descriptor(), -1);
}

TEST_F(SocketTest, AWaitOnAClosedSocketDoesNotWait) {
    socket->close();

    support::Started waiting(wait(Direction::Read, kLong));

    ASSERT_TRUE(waiting.is_done());
    EXPECT_EQ(waiting.result(), Wake::Closed);
}

TEST_F(SocketTest, WakeEndsTheWaitsOfItsDirectionNow) {
    Waiter reader;
    Waiter writer;
    fill();
    socket->notify(Direction::Read, reader);
    socket->notify(Direction::Write, writer);

    socket->wake(Direction::Read);

    EXPECT_EQ(reader.wake, Wake::Closed);
    EXPECT_FALSE(writer.wake);
    EXPECT_TRUE(socket->is_open());
}

TEST_F(SocketTest, ShutdownOfWritingLeavesReadingPossible) {
    socket->shutdown_write();
    peer.send("x");

    EXPECT_TRUE(peer.has_ended());
    EXPECT_EQ(loop.finish(wait(Direction::Read, kLong)), Wake::Ready);
}

TEST_F(SocketTest, DestroyedWhileWaitedForItWakesNobody) {
    Waiter waiter;
    socket->notify(Direction::Read, waiter);

    socket.reset();
    loop.settle();

    EXPECT_FALSE(waiter.wake);
}

TEST_F(SocketTest, AWaitingCoroutineMayBeDropped) {
    {
        support::Started waiting(wait(Direction::Read, kLong));
        loop.settle();
    }

    peer.send("x");
    loop.settle();

    SUCCEED() << "nothing is left that could be resumed";
}

TEST_F(SocketTest, AWokenWaiterMayDestroyTheSocket) {
    struct Destroyer final : Socket::Waiter {
        explicit Destroyer(std::optional<Socket>& target) : victim(target) {}
        void on_wake(Wake) override { victim.reset(); }
        std::optional<Socket>& victim;
    } destroyer(socket);
    socket->notify(Direction::Read, destroyer);

    peer.send("x");

    EXPECT_TRUE(loop.run_until([&] { return !socket; }));
}

}  // namespace
}  // namespace gateway
