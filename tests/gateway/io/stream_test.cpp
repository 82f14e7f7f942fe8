#include "gateway/io/stream.h"

#include <array>

#include <gtest/gtest.h>

#include "tests/support/loop.h"
#include "tests/support/peer.h"

namespace gateway {
namespace {

using Kind = Stream::Progress::Kind;
using policy::Reason;

constexpr policy::Duration kNow{0};
constexpr policy::Duration kLong = std::chrono::hours(1);

struct PlainStreamTest : testing::Test {
    support::Loop loop;
    support::Ends ends = support::make_ends(loop);
    support::Peer& peer = ends.theirs;
    PlainStream stream{std::move(ends.ours), loop.wheel};
    std::array<char, 64> buffer{};

    std::string_view read(std::size_t bytes) const { return {buffer.data(), bytes}; }
};

TEST_F(PlainStreamTest, TryReadTakesWhatIsHere) {
    peer.send("hello");

    const auto progress = stream.try_read(buffer);

    EXPECT_EQ(progress.kind, Kind::Done);
    EXPECT_EQ(read(progress.bytes), "hello");
}

TEST_F(PlainStreamTest, TryReadWantsToWaitWhenNothingIsHere) {
    EXPECT_EQ(stream.try_read(buffer).kind, Kind::WantRead);
}

TEST_F(PlainStreamTest, TheEndComesAfterTheBytesBeforeIt) {
    peer.send("last");
    peer.end_writing();

    EXPECT_EQ(stream.try_read(buffer).bytes, 4u);
    EXPECT_EQ(stream.try_read(buffer).kind, Kind::End);
}

TEST_F(PlainStreamTest, AResetIsAFailure) {
    ASSERT_EQ(stream.try_write("never read").kind, Kind::Done);

    peer.close();

    EXPECT_EQ(stream.try_read(buffer).kind, Kind::Failed);
}

TEST_F(PlainStreamTest, WritingToAPeerThatLeftIsAFailureAndNoSignal) {
    peer.close();

    EXPECT_EQ(stream.try_write("x").kind, Kind::Failed);
}

TEST_F(PlainStreamTest, AClosedStreamFails) {
    stream.close();

    EXPECT_EQ(stream.try_read(buffer).kind, Kind::Failed);
    EXPECT_EQ(stream.try_write("x").kind, Kind::Failed);
}

TEST_F(PlainStreamTest, ReadWaitsForTheFirstByte) {
    support::Started reading(stream.read(buffer, kLong));
    loop.settle();
    ASSERT_FALSE(reading.is_done());

    peer.send("hi");

    ASSERT_TRUE(loop.run_until([&] { return reading.is_done(); }));
    EXPECT_EQ(read(*reading.result()), "hi");
}

TEST_F(PlainStreamTest, ReadTellsTheOrderlyEndByZero) {
    peer.end_writing();

    EXPECT_EQ(*loop.finish(stream.read(buffer, kLong)), 0u);
}

TEST_F(PlainStreamTest, ReadAndWriteGiveUpAtTheirDeadline) {
    const std::string much(std::size_t{1024} * 1024, 'x');
    support::Started reading(stream.read(buffer, kNow));
    support::Started writing(stream.write(much, kNow));

    ASSERT_TRUE(loop.run_until([&] { return reading.is_done() && writing.is_done(); }));
    EXPECT_EQ(reading.result().error().reason, Reason::Timeout);
    EXPECT_EQ(writing.result().error().reason, Reason::Timeout);
}

TEST_F(PlainStreamTest, ReadEndsWhenTheStreamIsClosed) {
    support::Started reading(stream.read(buffer, kLong));

    stream.close();

    ASSERT_TRUE(loop.run_until([&] { return reading.is_done(); }));
    EXPECT_EQ(reading.result().error().reason, Reason::ClientClosed);
}

TEST_F(PlainStreamTest, WriteSendsEverythingThroughASmallBuffer) {
    support::limit_buffers(stream.socket().descriptor(), 4096);
    const std::string all(std::size_t{256} * 1024, 'x');
    support::Started writing(stream.write(all, kLong));
    ASSERT_FALSE(writing.is_done());

    std::string arrived;
    ASSERT_TRUE(loop.run_until([&] {
        arrived += peer.take();
        return writing.is_done();
    }));

    EXPECT_TRUE(writing.result());
    EXPECT_EQ(arrived + peer.take(), all);
}

TEST_F(PlainStreamTest, WriteFailsWhenThePeerLeavesMeanwhile) {
    const std::string much(std::size_t{1024} * 1024, 'x');
    support::Started writing(stream.write(much, kLong));

    peer.close();

    ASSERT_TRUE(loop.run_until([&] { return writing.is_done(); }));
    EXPECT_EQ(writing.result().error().reason, Reason::ClientClosed);
}

TEST_F(PlainStreamTest, WritingNothingNeedsNoPeer) {
    peer.close();

    EXPECT_TRUE(loop.finish(stream.write("", kNow)));
}

TEST_F(PlainStreamTest, EndOfWritingIsSeenByThePeerWhoMayStillSend) {
    stream.end_writing();

    EXPECT_TRUE(peer.has_ended());
    peer.send("more");
    EXPECT_EQ(*loop.finish(stream.read(buffer, kLong)), 4u);
}

}  // namespace
}  // namespace gateway
