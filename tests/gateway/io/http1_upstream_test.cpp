#include "gateway/io/http1_upstream.h"

#include <gmock/gmock.h>

#include "tests/support/upstream_link.h"

namespace gateway {
namespace {

using policy::Method;
using policy::Reason;
using support::ignore_interim;
using support::kHello;
using support::Permission;
using testing::ElementsAre;
using testing::EndsWith;
using Kind = policy::Framing::Kind;

struct Http1UpstreamTest : support::UpstreamLink {};

TEST_F(Http1UpstreamTest, SendsWhatWasPermittedWithTheFieldsGiven) {
    const Permission permission(Method::Put, "/page?a=b");

    ASSERT_TRUE(loop.finish(upstream->send(
        permission.permit(), support::fields({{"Host", "app.test"}}), {Kind::Length, 5}, "hello")));

    EXPECT_EQ(peer().take(),
              "PUT /page?a=b HTTP/1.1\r\nHost: app.test\r\nContent-Length: 5\r\n\r\nhello");
}

TEST_F(Http1UpstreamTest, StreamsABodyOfKnownLength) {
    send(Method::Post, {Kind::Length, 10}, "hello");

    ASSERT_TRUE(loop.finish(upstream->send_body("world")));
    ASSERT_TRUE(loop.finish(upstream->finish_body()));

    EXPECT_THAT(peer().take(), EndsWith("Content-Length: 10\r\n\r\nhelloworld"));
}

TEST_F(Http1UpstreamTest, StreamsABodyOfUnknownLengthInChunks) {
    send(Method::Post, {Kind::Chunked, 0}, "hello");

    ASSERT_TRUE(loop.finish(upstream->send_body(" world")));
    ASSERT_TRUE(loop.finish(upstream->finish_body()));

    EXPECT_THAT(peer().take(), EndsWith("chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"));
}

TEST_F(Http1UpstreamTest, ReadsAnAnswer) {
    send();
    peer().send("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nX: y\r\n\r\ngone");

    const auto head = read_head();

    ASSERT_TRUE(head);
    EXPECT_EQ((*head)->status, 404);
    EXPECT_EQ((*head)->fields.find("X")->value, "y");
    EXPECT_EQ(upstream->framing().kind, Kind::Length);
    EXPECT_EQ(read_whole_body(), "gone");
}

TEST_F(Http1UpstreamTest, ReadsAnAnswerThatArrivesByteByByte) {
    send();
    support::Started reading(upstream->read_head(ignore_interim));
    const std::string_view head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    for (const char byte : head) {
        ASSERT_FALSE(reading.is_done());
        peer().send({&byte, 1});
        loop.settle();
    }

    ASSERT_TRUE(reading.is_done());
    EXPECT_EQ((*reading.result())->status, 200);
}

TEST_F(Http1UpstreamTest, UnpacksChunks) {
    ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: x\r\n\r\n");

    EXPECT_EQ(read_whole_body(), "hello");
}

TEST_F(Http1UpstreamTest, ReadsABodyThatEndsWithTheConnection) {
    ask("HTTP/1.1 200 OK\r\n\r\nhello");
    peer().end_writing();

    EXPECT_EQ(read_whole_body(), "hello");
}

TEST_F(Http1UpstreamTest, ABodyOfManySlabsLeavesTheHeadWhereItIs) {
    constexpr std::size_t kBytes = 3 * Slab::kBytes;
    const auto* head =
        ask("HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: " + std::to_string(kBytes) + "\r\n\r\n");
    peer().send(std::string(kBytes, 'x'));

    EXPECT_EQ(read_whole_body(), std::string(kBytes, 'x'));
    EXPECT_EQ(head->fields.find("X")->value, "y");
}

TEST_F(Http1UpstreamTest, KnowsWhetherReadingABodyWouldWait) {
    ask("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    EXPECT_FALSE(upstream->body_is_ready());

    peer().send("hello");

    EXPECT_TRUE(upstream->body_is_ready());
    EXPECT_EQ(read_whole_body(), "hello");
    EXPECT_TRUE(upstream->body_is_ready());
}

TEST_F(Http1UpstreamTest, FramingWithoutDataIsNotReady) {
    ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n");

    EXPECT_FALSE(upstream->body_is_ready());
}

TEST_F(Http1UpstreamTest, AnswersToHeadHaveNoBodyWhateverTheySay) {
    send(Method::Head);
    peer().send("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");

    ASSERT_TRUE(read_head());
    EXPECT_EQ(upstream->framing().kind, Kind::None);
    EXPECT_EQ(read_whole_body(), "");
    EXPECT_TRUE(upstream->is_reusable());
}

TEST_F(Http1UpstreamTest, NoContentAndNotModifiedHaveNoBody) {
    for (const auto* status : {"204 No Content", "304 Not Modified"}) {
        ask("HTTP/1.1 " + std::string(status) + "\r\nX: y\r\n\r\n");

        EXPECT_EQ(read_whole_body(), "") << status;
        EXPECT_TRUE(upstream->is_reusable()) << status;
        upstream->rest();
    }
}

TEST_F(Http1UpstreamTest, InterimResponsesAreToldInOrderBefore100) {
    std::vector<int> told;
    send();
    peer().send(
        "HTTP/1.1 100 Continue\r\n\r\n"
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        "HTTP/1.1 102 Processing\r\n\r\n" +
        std::string(kHello));

    const auto head = loop.finish(
        upstream->read_head([&](const policy::ResponseHead& interim) -> Task<policy::Result<void>> {
            told.push_back(interim.status);
            co_return policy::ok();
        }));

    EXPECT_EQ((*head)->status, 200);
    EXPECT_THAT(told, ElementsAre(103, 102));
    EXPECT_EQ(read_whole_body(), "hello");
}

TEST_F(Http1UpstreamTest, AClientThatLeftEndsTheInterimResponses) {
    send();
    peer().send("HTTP/1.1 103 Early Hints\r\n\r\n");

    const auto head = loop.finish(
        upstream->read_head([](const policy::ResponseHead&) -> Task<policy::Result<void>> {
            co_return policy::fail(Reason::ClientClosed);
        }));

    EXPECT_EQ(head.error().reason, Reason::ClientClosed);
    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamTest, EndlessInterimResponsesAreRefused) {
    send();
    for (int i = 0; i < 100; ++i) peer().send("HTTP/1.1 100 Continue\r\n\r\n");

    const auto head = read_head();

    EXPECT_EQ(head.error().reason, Reason::BackendMalformed);
    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamTest, InterimResponsesTakeNoRoomFromTheFinalOne) {
    const std::string link = "Link: </" + std::string(Slab::kBytes / 3, 'x') + ">\r\n\r\n";
    send();
    for (int i = 0; i < 4; ++i) peer().send("HTTP/1.1 103 Early Hints\r\n" + link);
    peer().send(kHello);

    const auto head = read_head();

    ASSERT_TRUE(head) << policy::word(head.error().reason) << ": " << head.error().context;
    EXPECT_EQ((*head)->status, 200);
}

TEST_F(Http1UpstreamTest, AnUpgradeThatNobodyAskedForIsRefused) {
    send();
    peer().send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");

    const auto head = read_head();

    EXPECT_EQ(head.error().reason, Reason::BackendMalformed);
    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamTest, WhatIsMalformedIsRefused) {
    for (const auto* answer :
         {"HELO\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"}) {
        connect_anew();
        send();
        peer().send(answer);

        const auto head = read_head();

        ASSERT_FALSE(head) << answer;
        EXPECT_EQ(head.error().reason, Reason::BackendMalformed) << answer;
        EXPECT_FALSE(upstream->is_reusable()) << answer;
    }
}

TEST_F(Http1UpstreamTest, BadChunksAreRefused) {
    ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello");

    EXPECT_TRUE(upstream->body_is_ready()) << "the error does not wait";
    EXPECT_EQ(read_whole_body(), "error: backend_malformed");
    EXPECT_EQ(read_whole_body(), "error: backend_malformed");
    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamTest, AnEndWithinTheHeadIsAnError) {
    send();
    peer().send("HTTP/1.1 200 OK\r\nCont");
    peer().end_writing();

    EXPECT_EQ(read_head().error().reason, Reason::BackendClosed);
}

TEST_F(Http1UpstreamTest, AnEndWithinTheBodyIsAnError) {
    ask("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    peer().end_writing();

    EXPECT_EQ(read_whole_body(), "error: backend_closed");
    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamTest, ABackendThatSaysNothingRunsOutOfTime) {
    backend.response_timeout = kNow;
    send();

    EXPECT_EQ(read_head().error().reason, Reason::BackendTimeout);
    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamTest, SendingToABackendThatLeftIsAnError) {
    const Permission permission;
    peer().close();

    const auto sent = loop.finish(upstream->send(permission.permit(), {}, {}, ""));

    EXPECT_EQ(sent.error().reason, Reason::BackendClosed);
}

TEST_F(Http1UpstreamTest, AbortEndsTheWaitForTheHead) {
    send();
    support::Started reading(upstream->read_head(ignore_interim));

    upstream->abort();

    ASSERT_TRUE(loop.run_until([&] { return reading.is_done(); }));
    EXPECT_EQ(reading.result().error().reason, Reason::BackendClosed);
    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamTest, AbortEndsTheWaitForTheBody) {
    ask("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    support::Started reading(upstream->read_body());

    upstream->abort();

    ASSERT_TRUE(loop.run_until([&] { return reading.is_done(); }));
    EXPECT_EQ(reading.result().error().reason, Reason::BackendClosed);
}

TEST_F(Http1UpstreamTest, AbortEndsTheWaitForABackendThatDoesNotRead) {
    send(Method::Post, {Kind::Chunked, 0});
    const std::string much(std::size_t{2} * 1024 * 1024, 'x');
    support::Started sending(upstream->send_body(much));
    ASSERT_FALSE(sending.is_done());

    upstream->abort();

    ASSERT_TRUE(loop.run_until([&] { return sending.is_done(); }));
    EXPECT_EQ(sending.result().error().reason, Reason::BackendClosed);
}

}  // namespace
}  // namespace gateway
