#include <gtest/gtest.h>

#include "gateway/io/http1_client.h"
#include "tests/support/run_task.h"
#include "tests/support/wire.h"

namespace gateway {
namespace {

using std::chrono::seconds;

// The answer to a malformed request has a body, whatever was asked before.
TEST(NextRequest, HasNothingOfTheOneBefore) {
    support::Wire wire;
    PlainStream stream(wire.connect(), wire.wheel);
    const ClientLimits limits{{}, seconds(9), seconds(9), seconds(9)};
    Http1Client client(stream, wire.buffers(), limits, policy::IpAddress::v4({192, 0, 2, 7}));
    wire.peer.send(
        "HEAD /old HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nb");
    ASSERT_TRUE(*support::run(client.read_head()));
    ASSERT_TRUE(support::run(client.read_body()));

    wire.peer.send("GE(T /\r\n\r\n");

    EXPECT_FALSE(support::run(client.read_head()));
    EXPECT_EQ(client.head().method, policy::Method::Get);
    EXPECT_EQ(client.head().version, policy::Version::Http11);
    EXPECT_EQ(client.head().target, "");
    EXPECT_TRUE(client.head().fields.empty());
    EXPECT_EQ(client.framing().kind, policy::Framing::Kind::None);
}

}  // namespace
}  // namespace gateway
