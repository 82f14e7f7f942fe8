// Http1Upstream: when a connection may carry another exchange (HTP-012).

#include <ostream>

#include <gtest/gtest.h>

#include "gateway/io/http1_upstream.h"
#include "tests/support/upstream_link.h"

namespace gateway {
namespace {

using policy::Method;
using policy::Reason;
using support::kHello;
using Kind = policy::Framing::Kind;

struct Answer {
    const char* name;
    std::string_view bytes;
};

std::ostream& operator<<(std::ostream& out, const Answer& answer) {
    return out << answer.name;
}

struct GoodAnswer : support::UpstreamLink, testing::WithParamInterface<Answer> {};

TEST_P(GoodAnswer, LeavesTheConnectionFitForAnother) {
    exchange(GetParam().bytes);

    EXPECT_TRUE(upstream->is_reusable());
}

INSTANTIATE_TEST_SUITE_P(
    Answers, GoodAnswer,
    testing::Values(
        Answer{"Length", kHello},
        Answer{"Chunked",
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"},
        Answer{"EmptyBody", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
        Answer{"NoContent", "HTTP/1.1 204 No Content\r\n\r\n"},
        Answer{"NotModified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n"},
        Answer{"AfterInterim", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"},
        Answer{"OtherConnectionOptions",
               "HTTP/1.1 204 No Content\r\nConnection: keep-alive, closed\r\n\r\n"}),
    [](const auto& each) { return each.param.name; });

struct DoubtfulAnswer : support::UpstreamLink, testing::WithParamInterface<Answer> {};

TEST_P(DoubtfulAnswer, EndsTheConnection) {
    exchange(GetParam().bytes);

    EXPECT_FALSE(upstream->is_reusable());
}

INSTANTIATE_TEST_SUITE_P(
    Answers, DoubtfulAnswer,
    testing::Values(
        Answer{"SaysClose", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"},
        Answer{"SaysCloseAmongOthers",
               "HTTP/1.1 204 No Content\r\nConnection: x\r\nConnection: y, CLOSE\r\n\r\n"},
        Answer{"IsHttp10", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi"},
        Answer{"IsHttp10AndPromisesToStay",
               "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi"},
        Answer{"MoreThanItsLength", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi!"},
        Answer{"ASecondAnswer",
               "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
        Answer{"MoreThanItsLastChunk",
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nx"},
        Answer{"ABodyWhereThereIsNone", "HTTP/1.1 204 No Content\r\n\r\nhi"}),
    [](const auto& each) { return each.param.name; });

struct Http1UpstreamReuseTest : support::UpstreamLink {};

TEST_F(Http1UpstreamReuseTest, AFreshConnectionHasProvedNothing) {
    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamReuseTest, ABodyToHeadEndsTheConnection) {
    send(Method::Head);
    peer().send(kHello);
    ASSERT_TRUE(read_head());
    ASSERT_EQ(read_whole_body(), "");

    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamReuseTest, AnAnswerThatNobodyReadEndsTheConnection) {
    send();
    peer().send(kHello);

    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamReuseTest, ABodyThatNobodyReadEndsTheConnection) {
    ask(kHello);

    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamReuseTest, ABodyThatEndsWithTheConnectionEndsIt) {
    ask("HTTP/1.1 200 OK\r\n\r\nhello");
    peer().end_writing();
    ASSERT_EQ(read_whole_body(), "hello");

    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamReuseTest, AnAnswerBeforeTheWholeRequestEndsTheConnection) {
    send(Method::Post, {Kind::Length, 10}, "hello");
    peer().send(kHello);
    ASSERT_TRUE(read_head());
    ASSERT_EQ(read_whole_body(), "hello");

    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamReuseTest, ARequestThatWasFinishedMeanwhileKeepsTheConnection) {
    send(Method::Post, {Kind::Chunked, 0}, "hello");
    peer().send(kHello);
    ASSERT_TRUE(read_head());
    ASSERT_TRUE(loop.finish(upstream->finish_body()));
    ASSERT_EQ(read_whole_body(), "hello");

    EXPECT_TRUE(upstream->is_reusable());
}

TEST_F(Http1UpstreamReuseTest, AChunkedRequestIsNotSentBeforeItsLastChunk) {
    send(Method::Post, {Kind::Chunked, 0}, "hello");
    peer().send(kHello);
    ASSERT_TRUE(read_head());
    ASSERT_EQ(read_whole_body(), "hello");

    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamReuseTest, AnAbortedExchangeEndsTheConnection) {
    exchange(kHello);

    upstream->abort();

    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamReuseTest, CarriesOneExchangeAfterTheOther) {
    ASSERT_EQ(exchange(kHello), "hello");
    upstream->rest();

    EXPECT_EQ(exchange("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nagain"), "again");
    EXPECT_TRUE(upstream->is_reusable());
}

TEST_F(Http1UpstreamReuseTest, ASecondExchangeHasToProveItselfToo) {
    exchange(kHello);
    upstream->rest();

    send();

    EXPECT_FALSE(upstream->is_reusable());
}

TEST_F(Http1UpstreamReuseTest, ARestingConnectionHoldsNoSlab) {
    const auto* head = ask(kHello);
    const char* place = head->fields.begin()->name.data();
    read_whole_body();

    upstream->rest();

    const auto freed = loop.slabs.take();
    EXPECT_GE(place, freed->bytes.data());
    EXPECT_LT(place, freed->bytes.data() + Slab::kBytes);
}

TEST_F(Http1UpstreamReuseTest, IsQuietWhileTheBackendIs) {
    EXPECT_TRUE(upstream->is_quiet());
}

TEST_F(Http1UpstreamReuseTest, IsNotQuietWhenTheBackendClosed) {
    peer().close();

    EXPECT_FALSE(upstream->is_quiet());
}

TEST_F(Http1UpstreamReuseTest, IsNotQuietWhenSomethingCameThatNobodyAskedFor) {
    peer().send("HTTP/1.1 408 Request Timeout\r\n\r\n");

    EXPECT_FALSE(upstream->is_quiet());
}

TEST_F(Http1UpstreamReuseTest, AFreshConnectionIsNotStale) {
    send();
    peer().end_writing();

    EXPECT_EQ(read_head().error().reason, Reason::BackendClosed);
    EXPECT_FALSE(upstream->may_be_stale());
}

TEST_F(Http1UpstreamReuseTest, AUsedConnectionThatAnswersNothingMayBeStale) {
    exchange(kHello);
    upstream->rest();
    send();
    peer().end_writing();

    EXPECT_EQ(read_head().error().reason, Reason::BackendClosed);
    EXPECT_TRUE(upstream->may_be_stale());
}

TEST_F(Http1UpstreamReuseTest, AUsedConnectionThatBeganToAnswerIsNotStale) {
    exchange(kHello);
    upstream->rest();
    send();
    peer().send("HTTP/1.1 2");
    peer().end_writing();

    EXPECT_EQ(read_head().error().reason, Reason::BackendClosed);
    EXPECT_FALSE(upstream->may_be_stale());
}

}  // namespace
}  // namespace gateway
