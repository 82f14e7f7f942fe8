#include "gateway/upstream/connect.h"

#include <gmock/gmock.h>
#include <netinet/tcp.h>

#include "tests/support/loopback.h"

namespace gateway {
namespace {

using policy::Reason;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr policy::Duration kNow{0};
constexpr policy::Duration kLong = std::chrono::hours(1);

struct ConnectTest : testing::Test {
    support::Loop loop;

    policy::Result<std::unique_ptr<Stream>> connect_to(const Endpoint& endpoint,
                                                       policy::Duration timeout = kLong) {
        return loop.finish(connect(loop.context, loop.wheel, endpoint, timeout));
    }
};

TEST_F(ConnectTest, GivesAStreamToTheServer) {
    support::Server server;

    const auto stream = connect_to(server.endpoint());

    ASSERT_TRUE(stream);
    auto peer = server.accept();
    ASSERT_TRUE(peer);
    ASSERT_TRUE(loop.finish((*stream)->write("hello", kLong)));
    EXPECT_EQ(peer->take(), "hello");
}

TEST_F(ConnectTest, SendsWithoutNaglesDelay) {
    const support::Server server;

    const auto stream = connect_to(server.endpoint());

    int no_delay = 0;
    socklen_t size = sizeof no_delay;
    ::getsockopt((*stream)->socket().descriptor(), IPPROTO_TCP, TCP_NODELAY, &no_delay, &size);
    EXPECT_NE(no_delay, 0);
}

TEST_F(ConnectTest, SaysWhoRefused) {
    const support::BoundSocket nobody;

    const auto stream = connect_to(nobody.endpoint());

    EXPECT_EQ(stream.error().reason, Reason::BackendUnreachable);
    EXPECT_EQ(stream.error().context,
              "127.0.0.1:" + std::to_string(nobody.endpoint().port()) + ": Connection refused");
}

TEST_F(ConnectTest, GivesUpOnAServerThatNeverAnswers) {
    const support::SilentServer server;

    const auto stream = connect_to(server.endpoint(), kNow);

    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().reason, Reason::BackendUnreachable);
    EXPECT_THAT(stream.error().context, EndsWith(": Connection timed out"));
}

TEST_F(ConnectTest, NamesIpv6ServersInBrackets) {
    const Endpoint nobody(boost::asio::ip::address_v6::loopback(), 1);

    const auto stream = connect_to(nobody);

    ASSERT_FALSE(stream);
    EXPECT_THAT(stream.error().context, StartsWith("[::1]:1: "));
}

TEST(Resolve, KeepsTheOrderOfThePolicyFile) {
    policy::Backend backend;
    backend.servers = {{"127.0.0.2", 8080}, {"::1", 80}, {"127.0.0.1", 81}};

    const auto endpoints = resolve(backend);

    ASSERT_TRUE(endpoints);
    ASSERT_EQ(endpoints->size(), 3u);
    EXPECT_EQ((*endpoints)[0], Endpoint(boost::asio::ip::make_address("127.0.0.2"), 8080));
    EXPECT_EQ((*endpoints)[1], Endpoint(boost::asio::ip::make_address("::1"), 80));
    EXPECT_EQ((*endpoints)[2], Endpoint(boost::asio::ip::make_address("127.0.0.1"), 81));
}

TEST(Resolve, NamesTheBackendAndTheHostThatDoNotResolve) {
    policy::Backend backend;
    backend.name = policy::BackendName("wiki");
    backend.servers = {{"", 80}, {std::string(300, 'x'), 80}};

    const auto endpoints = resolve(backend);

    ASSERT_FALSE(endpoints);
    EXPECT_EQ(endpoints.error().reason, Reason::BackendUnreachable);
    EXPECT_THAT(endpoints.error().context,
                AllOf(StartsWith("backend wiki: "), HasSubstr(std::string(300, 'x'))));
}

}  // namespace
}  // namespace gateway
