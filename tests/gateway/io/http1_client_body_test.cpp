// Http1Client: the bodies of requests.

#include <gmock/gmock.h>

#include "gateway/io/http1_client.h"
#include "tests/support/client_link.h"

namespace gateway {
namespace {

using policy::Reason;
using support::kGet;
using testing::HasSubstr;
using Kind = policy::Framing::Kind;

constexpr std::string_view kPost = "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 5\r\n\r\n";
constexpr std::string_view kExpecting =
    "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

struct Http1ClientBodyTest : support::ClientLink {
    policy::Result<std::string_view> read_body() { return loop.finish(client.read_body()); }
};

TEST_F(Http1ClientBodyTest, ARequestWithoutBodyHasItHere) {
    ask(kGet);

    EXPECT_TRUE(client.body_is_here());
    EXPECT_EQ(*read_body(), "");
}

TEST_F(Http1ClientBodyTest, ABodyThatCameWithTheHeadIsHere) {
    ask(std::string(kPost) + "hello");

    EXPECT_TRUE(client.body_is_here());
    EXPECT_EQ(read_whole_body(), "hello");
}

TEST_F(Http1ClientBodyTest, ABodyIsGivenInThePiecesInWhichItComes) {
    ask(std::string(kPost) + "he");
    EXPECT_FALSE(client.body_is_here());
    EXPECT_EQ(*read_body(), "he");

    peer.send("llo");

    EXPECT_EQ(*read_body(), "llo");
    EXPECT_EQ(*read_body(), "");
}

TEST_F(Http1ClientBodyTest, ChunksAreUnpacked) {
    ask("POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: dropped\r\n\r\n");

    EXPECT_EQ(read_whole_body(), "hello");
}

TEST_F(Http1ClientBodyTest, BadChunksEndTheConnection) {
    ask("POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\nhello");

    EXPECT_EQ(read_body().error().reason, Reason::BadChunk);
    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientBodyTest, ABodyOfManySlabsLeavesTheHeadWhereItIs) {
    constexpr std::size_t kBytes = 3 * Slab::kBytes;
    ask("POST /upload HTTP/1.1\r\nHost: app.test\r\nContent-Length: " + std::to_string(kBytes) +
        "\r\n\r\n");
    peer.send(std::string(kBytes, 'x'));

    EXPECT_EQ(read_whole_body(), std::string(kBytes, 'x'));
    EXPECT_EQ(client.head().target, "/upload");
    EXPECT_EQ(client.head().fields.find("Host")->value, "app.test");
}

TEST_F(Http1ClientBodyTest, ABodyThatStallsRunsOutOfTime) {
    limits.body_timeout = kNow;
    ask(kPost);

    EXPECT_EQ(read_body().error().reason, Reason::BodyTimeout);
    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientBodyTest, AClientThatLeavesWithinItsBodyIsAnError) {
    ask(std::string(kPost) + "he");
    peer.close();

    EXPECT_EQ(*read_body(), "he");
    EXPECT_EQ(read_body().error().reason, Reason::ClientClosed);
    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientBodyTest, ContinueIsSaidOnceAndOnlyWhenTheBodyIsWaitedFor) {
    ask(kExpecting);
    ASSERT_EQ(peer.take(), "");

    support::Started reading(client.read_body());
    EXPECT_EQ(peer.take(), kContinue);

    peer.send("hel");
    ASSERT_TRUE(loop.run_until([&] { return reading.is_done(); }));
    peer.send("lo");
    EXPECT_EQ(read_whole_body(), "lo");
    EXPECT_EQ(peer.take(), "");
}

TEST_F(Http1ClientBodyTest, ContinueIsNotSaidForABodyThatIsHereAlready) {
    ask(std::string(kExpecting) + "hello");

    EXPECT_EQ(read_whole_body(), "hello");
    EXPECT_EQ(peer.take(), "");
}

TEST_F(Http1ClientBodyTest, ContinueIsNotSaidToHttp10Clients) {
    ask("POST / HTTP/1.0\r\nHost: app.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");

    const support::Started reading(client.read_body());
    loop.settle();

    EXPECT_EQ(peer.take(), "");
}

TEST_F(Http1ClientBodyTest, AnAnswerInsteadOfContinueEndsTheConnection) {
    ask(kExpecting);
    answer("no");

    EXPECT_FALSE(client.keeps_alive());
    EXPECT_THAT(peer.take(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST_F(Http1ClientBodyTest, AnUnreadBodyIsNotTakenForTheNextRequest) {
    ask(std::string(kPost) + "GET /");
    answer("no");

    EXPECT_FALSE(client.keeps_alive());
}

TEST_F(Http1ClientBodyTest, AbandoningABodyEndsTheReadThatWaitsForIt) {
    ask(kPost);
    support::Started reading(client.read_body());

    client.abandon_body();

    ASSERT_TRUE(reading.is_done());
    EXPECT_EQ(reading.result().error().reason, Reason::ClientClosed);
}

TEST_F(Http1ClientBodyTest, AnAbandonedBodyIsNotReadAnyMore) {
    ask(kPost);
    client.abandon_body();
    peer.send("hello");

    EXPECT_EQ(read_body().error().reason, Reason::ClientClosed);
}

TEST_F(Http1ClientBodyTest, AnAbandonedBodyEndsTheConnectionAfterTheAnswer) {
    ask(kPost);

    client.abandon_body();

    answer("no");
    EXPECT_FALSE(client.keeps_alive());
    EXPECT_THAT(peer.take(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST_F(Http1ClientBodyTest, AbandoningABodyThatIsReadChangesNothing) {
    ask(kGet);

    client.abandon_body();

    answer("yes");
    EXPECT_TRUE(client.keeps_alive());
}

}  // namespace
}  // namespace gateway
