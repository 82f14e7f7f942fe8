#include "gateway/io/http1_client.h"

#include <gmock/gmock.h>

#include "tests/support/client_link.h"

namespace gateway {
namespace {

using policy::Method;
using policy::Reason;
using support::kGet;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using Kind = policy::Framing::Kind;

struct Http1ClientTest : support::ClientLink {};

TEST_F(Http1ClientTest, ReadsARequest) {
    peer.send("GET /page?a=b HTTP/1.1\r\nHost: app.test\r\nAccept: */*\r\n\r\n");

    ASSERT_TRUE(*read_head());
    EXPECT_EQ(client.head().method, Method::Get);
    EXPECT_EQ(client.head().target, "/page?a=b");
    EXPECT_EQ(client.head().fields.find("accept")->value, "*/*");
    EXPECT_EQ(client.framing().kind, Kind::None);
    EXPECT_EQ(client.address(), support::address("192.0.2.7"));
}

TEST_F(Http1ClientTest, ReadsARequestThatArrivesInPieces) {
    support::Started reading(client.read_head());
    for (const auto* piece : {"GE", "T / HTT", "P/1.1\r\nHost: app.te", "st\r\n", "\r"}) {
        peer.send(piece);
        loop.settle();
        ASSERT_FALSE(reading.is_done()) << piece;
    }

    peer.send("\n");

    ASSERT_TRUE(loop.run_until([&] { return reading.is_done(); }));
    EXPECT_TRUE(*reading.result());
    EXPECT_EQ(client.head().fields.find("Host")->value, "app.test");
}

TEST_F(Http1ClientTest, TheConnectionIsKeptForTheNextRequest) {
    ask(kGet);
    answer("one");
    ASSERT_TRUE(client.keeps_alive());

    ask("GET /second HTTP/1.1\r\nHost: app.test\r\n\r\n");
    answer("two");

    EXPECT_EQ(client.head().target, "/second");
    EXPECT_EQ(peer.take(),
              "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
              "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo");
}

TEST_F(Http1ClientTest, PipelinedRequestsAreReadInOrder) {
    peer.send(
        "POST /a HTTP/1.1\r\nHost: app.test\r\nContent-Length: 3\r\n\r\nabc"
        "GET /b HTTP/1.1\r\nHost: app.test\r\n\r\n");

    ASSERT_TRUE(*read_head());
    EXPECT_EQ(read_whole_body(), "abc");
    answer("one");
    ASSERT_TRUE(*read_head());

    EXPECT_EQ(client.head().target, "/b");
    EXPECT_EQ(client.head().method, Method::Get);
}

TEST_F(Http1ClientTest, AClientThatLeavesBetweenRequestsIsNoError) {
    ask(kGet);
    answer("one");

    peer.close();

    EXPECT_FALSE(*read_head());
}

TEST_F(Http1ClientTest, AClientThatLeavesWithinAHeadIsAnError) {
    peer.send("GET / HT");
    peer.close();

    EXPECT_EQ(read_head().error().reason, Reason::ClientClosed);
}

TEST_F(Http1ClientTest, WhatIsMalformedEndsTheConnection) {
    peer.send("GET / HTTP/1.1\r\nHost : app.test\r\n\r\n");

    EXPECT_EQ(read_head().error().reason, Reason::BadFieldName);
    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientTest, TwoLengthsEndTheConnection) {  // HTP-001
    peer.send(
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 1\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

    EXPECT_EQ(read_head().error().reason, Reason::ConflictingLengths);
    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientTest, AHeadThatIsTooLargeIsRefusedAsSoonAsThatIsKnown) {
    limits.head.total = 64;
    peer.send("GET / HTTP/1.1\r\nHost: app.test\r\nX-Long: " + std::string(64, 'x'));

    EXPECT_EQ(read_head().error().reason, Reason::HeadTooLarge);
}

TEST_F(Http1ClientTest, AFullSlabWithoutAHeadIsRefused) {
    std::string endless = "GET / HTTP/1.1\r\n";
    while (endless.size() < Slab::kBytes) endless += "X: " + std::string(4000, 'x') + "\r\n";
    peer.send(endless);

    EXPECT_EQ(read_head().error().reason, Reason::HeadTooLarge);
}

TEST_F(Http1ClientTest, AHeadThatStallsIsATimeout) {
    limits.head_timeout = kNow;
    peer.send("GET / HTTP/1.1\r\nHost:");

    EXPECT_EQ(read_head().error().reason, Reason::HeadTimeout);
    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientTest, AConnectionThatNeverAsksIsLetGoQuietly) {
    limits.head_timeout = kNow;

    EXPECT_FALSE(*read_head());
}

TEST_F(Http1ClientTest, AnIdleConnectionIsLetGoQuietly) {
    limits.keep_alive_timeout = kNow;
    ask(kGet);
    answer("one");

    EXPECT_FALSE(*read_head());
}

TEST_F(Http1ClientTest, OnlyTheWordContinueMayBeExpected) {
    peer.send("GET / HTTP/1.1\r\nHost: app.test\r\nExpect: tea\r\n\r\n");

    EXPECT_EQ(read_head().error().reason, Reason::BadExpectation);
}

TEST_F(Http1ClientTest, AClientThatAsksForCloseGetsIt) {
    ask("GET / HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n");
    answer("bye");

    EXPECT_FALSE(client.keeps_alive());
    EXPECT_THAT(peer.take(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST_F(Http1ClientTest, AnHttp10ConnectionEndsWithItsAnswer) {
    ask("GET / HTTP/1.0\r\nHost: app.test\r\n\r\n");
    answer("bye");

    EXPECT_FALSE(client.keeps_alive());
    EXPECT_THAT(peer.take(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(Http1ClientTest, AnHttp10ConnectionIsKeptWhenTheClientAsksForThat) {
    ask("GET / HTTP/1.0\r\nHost: app.test\r\nConnection: keep-alive\r\n\r\n");
    answer("more");

    EXPECT_TRUE(client.keeps_alive());
    EXPECT_THAT(peer.take(), HasSubstr("\r\nConnection: keep-alive\r\n"));
}

TEST_F(Http1ClientTest, ABodyWithoutLengthIsChunkedForHttp11) {
    ask(kGet);

    client.write_head(200, {}, {Kind::UntilClose, 0});
    write("hello");
    write("");
    write(" world!");
    finish();

    EXPECT_EQ(peer.take(),
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              "5\r\nhello\r\n7\r\n world!\r\n0\r\n\r\n");
    EXPECT_TRUE(client.keeps_alive());
}

TEST_F(Http1ClientTest, ABodyWithoutLengthEndsTheConnectionForHttp10) {
    ask("GET / HTTP/1.0\r\nHost: app.test\r\nConnection: keep-alive\r\n\r\n");

    client.write_head(200, {}, {Kind::Chunked, 0});
    write("hello");
    finish();

    EXPECT_EQ(peer.take(), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello");
    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientTest, AnAnswerWithoutBodyLeavesWithFinish) {
    ask(kGet);

    client.write_head(304, {}, {});
    EXPECT_EQ(peer.take(), "");
    finish();

    EXPECT_EQ(peer.take(), "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST_F(Http1ClientTest, SmallPiecesWaitUntilTheyAreFlushed) {
    ask(kGet);
    client.write_head(200, {}, {Kind::Length, 4});
    write("ab");
    ASSERT_EQ(peer.take(), "");

    ASSERT_TRUE(loop.finish(client.flush()));

    EXPECT_THAT(peer.take(), EndsWith("\r\n\r\nab"));
    write("cd");
    finish();
    EXPECT_EQ(peer.take(), "cd");
}

TEST_F(Http1ClientTest, ALargeBodyArrivesWhole) {
    ask(kGet);
    const std::string large(std::size_t{100} * 1024, 'x');

    client.write_head(200, {}, {Kind::Length, large.size()});
    write(large);
    finish();

    EXPECT_THAT(peer.take(), EndsWith("\r\n\r\n" + large));
}

TEST_F(Http1ClientTest, ALargeChunkIsFramedLikeASmallOne) {
    ask(kGet);
    const std::string large(std::size_t{100} * 1024, 'x');

    client.write_head(200, {}, {Kind::Chunked, 0});
    write(large);
    write("y");
    finish();

    EXPECT_THAT(peer.take(), EndsWith("\r\n\r\n19000\r\n" + large + "\r\n1\r\ny\r\n0\r\n\r\n"));
}

TEST_F(Http1ClientTest, AnInterimResponseLeavesAtOnce) {
    ask(kGet);

    ASSERT_TRUE(loop.finish(client.write_interim(103, support::fields({{"Link", "</a.css>"}}))));

    EXPECT_EQ(peer.take(), "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
}

TEST_F(Http1ClientTest, Http10ClientsAreSparedInterimResponses) {
    ask("GET / HTTP/1.0\r\nHost: app.test\r\n\r\n");

    ASSERT_TRUE(loop.finish(client.write_interim(103, {})));

    EXPECT_EQ(peer.take(), "");
}

TEST_F(Http1ClientTest, AClientThatDoesNotReadRunsOutOfTime) {
    limits.body_timeout = kNow;
    ask(kGet);
    const std::string much(std::size_t{1024} * 1024, 'x');
    client.write_head(200, {}, {Kind::Length, much.size()});

    const auto written = loop.finish(client.write_body(much));

    EXPECT_EQ(written.error().reason, Reason::BodyTimeout);
    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientTest, AnAnswerToAClientThatLeftIsAnError) {
    ask(kGet);
    peer.close();
    client.write_head(204, {}, {});

    EXPECT_EQ(loop.finish(client.finish()).error().reason, Reason::ClientClosed);
    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientTest, TheExchangeMayEndTheConnectionWithItsAnswer) {
    ask(kGet);
    client.close_after_answer();
    answer("bye");

    EXPECT_FALSE(client.keeps_alive());
    EXPECT_THAT(peer.take(), HasSubstr("\r\nConnection: close\r\n"));
}

}  // namespace
}  // namespace gateway
