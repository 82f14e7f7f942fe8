// Http1Client: how a connection ends, from either side.

#include <gmock/gmock.h>

#include "gateway/io/http1_client.h"
#include "tests/support/client_link.h"

namespace gateway {
namespace {

using support::kGet;
using testing::HasSubstr;

constexpr std::string_view kPost = "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 5\r\n\r\n";

struct Http1ClientWatchTest : support::ClientLink {
    int gone = 0;
    void watch() {
        client.watch([this] { ++gone; });
    }
};

TEST_F(Http1ClientWatchTest, NoticesAClientThatLeaves) {
    ask(kGet);
    watch();
    loop.settle();
    ASSERT_EQ(gone, 0);

    peer.close();

    EXPECT_TRUE(loop.run_until([&] { return gone == 1; }));
    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientWatchTest, KeepsThePipelinedRequestThatArrivesMeanwhile) {
    ask(kGet);
    watch();
    peer.send("GET /next HTTP/1.1\r\n");
    loop.settle();
    peer.send("Host: app.test\r\n\r\n");
    loop.settle();
    answer("one");

    ASSERT_TRUE(*read_head());
    EXPECT_EQ(client.head().target, "/next");
    EXPECT_EQ(gone, 0);
}

TEST_F(Http1ClientWatchTest, NoticesAClientThatLeavesAfterPipelining) {
    ask(kGet);
    watch();
    peer.send(kGet);
    loop.settle();

    peer.close();

    EXPECT_TRUE(loop.run_until([&] { return gone == 1; }));
}

TEST_F(Http1ClientWatchTest, StopsReadingWhenEnoughIsPipelined) {
    ask(kGet);
    watch();
    const std::string flood(4 * Slab::kBytes, 'x');

    peer.send(flood);
    loop.settle();

    std::string unread(flood.size(), ' ');
    const auto left = ::recv(stream.socket().descriptor(), unread.data(), unread.size(), 0);
    EXPECT_GE(left, static_cast<ssize_t>(2 * Slab::kBytes));
    EXPECT_EQ(gone, 0);
}

TEST_F(Http1ClientWatchTest, CallsNobodyAfterItEnded) {
    ask(kGet);
    watch();

    client.watch({});

    peer.close();
    loop.settle();
    EXPECT_EQ(gone, 0);
}

TEST_F(Http1ClientWatchTest, EndsWithTheNextRequest) {
    ask(kGet);
    watch();
    answer("one");

    peer.close();

    EXPECT_FALSE(*read_head());
    EXPECT_EQ(gone, 0);
}

struct Http1ClientEndTest : support::ClientLink {};

TEST_F(Http1ClientEndTest, CloseSoonLetsAnIdleConnectionGoNow) {
    support::Started reading(client.read_head());
    loop.settle();

    client.close_soon();

    ASSERT_TRUE(reading.is_done());
    EXPECT_FALSE(*reading.result());
}

TEST_F(Http1ClientEndTest, CloseSoonLetsABusyConnectionFinish) {
    ask(kGet);

    client.close_soon();

    answer("last");
    EXPECT_THAT(peer.take(), HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientEndTest, CloseSoonLetsAHeadThatHasBegunBeReadAndAnswered) {
    support::Started reading(client.read_head());
    peer.send(kGet.substr(0, 10));
    loop.settle();

    client.close_soon();

    peer.send(kGet.substr(10));
    ASSERT_TRUE(loop.run_until([&] { return reading.is_done(); }));
    EXPECT_TRUE(*reading.result());
    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientEndTest, LingersUntilTheClientHasLeft) {
    ask(kPost);
    answer("no");
    support::Started lingering(client.linger());
    peer.send("hello");
    loop.settle();
    ASSERT_FALSE(lingering.is_done());

    peer.end_writing();

    EXPECT_TRUE(loop.run_until([&] { return lingering.is_done(); }));
}

TEST_F(Http1ClientEndTest, LingersOnlyForABoundedNumberOfBytes) {
    ask(kPost);
    answer("no");
    support::Started lingering(client.linger());
    const std::string block(std::size_t{16} * 1024, 'x');

    std::size_t sent = 0;
    ASSERT_TRUE(loop.run_until([&] {
        sent += peer.try_send(block);
        return lingering.is_done();
    }));

    EXPECT_LT(sent, std::size_t{2} * 1024 * 1024);
}

TEST_F(Http1ClientEndTest, AnIdleConnectionHoldsNoSlab) {
    ask(kGet);
    const char* place = client.head().target.data();
    answer("one");

    const support::Started reading(client.read_head());

    const auto freed = loop.slabs.take();
    EXPECT_GE(place, freed->bytes.data());
    EXPECT_LT(place, freed->bytes.data() + Slab::kBytes);
}

}  // namespace
}  // namespace gateway
