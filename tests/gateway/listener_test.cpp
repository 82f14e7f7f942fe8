#include "gateway/listener.h"

#include <gmock/gmock.h>
#include <netinet/tcp.h>

#include "tests/support/loopback.h"

namespace gateway {
namespace {

using policy::Reason;
using testing::StartsWith;

TEST(Claim, FindsAFreePortInPlaceOfPortZero) {
    const auto endpoint = claim("127.0.0.1", 0);

    ASSERT_TRUE(endpoint);
    EXPECT_NE(endpoint->port(), 0);
    EXPECT_EQ(endpoint->address().to_string(), "127.0.0.1");
}

TEST(Claim, RefusesAPortWhereSomebodyListens) {
    const support::Server server;
    const auto port = server.endpoint().port();

    const auto endpoint = claim("127.0.0.1", port);

    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().reason, Reason::Internal);
    EXPECT_EQ(endpoint.error().context,
              "cannot listen on 127.0.0.1:" + std::to_string(port) + ": Address already in use");
}

TEST(Claim, NamesAnAddressThatIsNone) {
    const auto endpoint = claim("localhost:x", 443);

    ASSERT_FALSE(endpoint);
    EXPECT_THAT(endpoint.error().context, StartsWith("cannot listen on localhost:x: "));
}

TEST(Claim, NamesAnAddressOfAnotherMachine) {
    const auto endpoint = claim("192.0.2.1", 0);

    ASSERT_FALSE(endpoint);
    EXPECT_THAT(endpoint.error().context, StartsWith("cannot listen on 192.0.2.1:0: "));
}

TEST(Claim, TakesIpv6Addresses) {
    const auto endpoint = claim("::1", 0);

    ASSERT_TRUE(endpoint);
    EXPECT_EQ(to_string(*endpoint), "[::1]:" + std::to_string(endpoint->port()));
}

struct ListenerTest : testing::Test {
    support::Loop loop;
    std::vector<TcpSocket> accepted;
    std::vector<tcp::endpoint> peers;
    tcp::endpoint endpoint = claim("127.0.0.1", 0).value();

    std::unique_ptr<Listener> open(const tcp::endpoint& where) {
        auto listener = Listener::open(loop.context, loop.wheel, where,
                                       [this](TcpSocket socket, const tcp::endpoint& peer) {
                                           accepted.push_back(std::move(socket));
                                           peers.push_back(peer);
                                       });
        EXPECT_TRUE(listener) << listener.error().context;
        return std::move(listener.value());
    }
    bool has_accepted(std::size_t count) {
        return loop.run_until([&] { return accepted.size() == count; });
    }
};

TEST_F(ListenerTest, AcceptsOneClientAfterTheOther) {
    const auto listener = open(endpoint);
    listener->start();

    const auto first = support::connect_to(endpoint);
    ASSERT_TRUE(has_accepted(1));
    const auto second = support::connect_to(endpoint);

    EXPECT_TRUE(has_accepted(2));
}

TEST_F(ListenerTest, GivesSocketsThatNeitherBlockNorDelay) {
    const auto listener = open(endpoint);
    listener->start();

    const auto client = support::connect_to(endpoint);

    ASSERT_TRUE(has_accepted(1));
    tcp::no_delay no_delay;
    accepted[0].get_option(no_delay);
    EXPECT_TRUE(no_delay.value());
    EXPECT_NE(::fcntl(accepted[0].native_handle(), F_GETFL) & O_NONBLOCK, 0);
}

TEST_F(ListenerTest, TellsWhoConnected) {
    const auto listener = open(endpoint);
    listener->start();

    const auto client = support::connect_to(endpoint);

    ASSERT_TRUE(has_accepted(1));
    EXPECT_EQ(peers[0], accepted[0].remote_endpoint());
    EXPECT_EQ(peers[0].address().to_string(), "127.0.0.1");
}

TEST_F(ListenerTest, AcceptsNothingBeforeItIsStarted) {
    const auto listener = open(endpoint);

    const auto client = support::connect_to(endpoint);
    loop.settle();

    EXPECT_TRUE(accepted.empty());
}

TEST_F(ListenerTest, EveryWorkerHasASocketOfItsOwnOnTheSameAddress) {
    const auto first = open(endpoint);
    const auto second = open(endpoint);
    first->start();
    second->start();

    std::vector<support::Peer> clients;
    for (int i = 0; i < 8; ++i) clients.push_back(support::connect_to(endpoint));

    EXPECT_TRUE(has_accepted(8));
}

TEST_F(ListenerTest, AnAddressWhereWorkersListenCannotBeClaimed) {
    const auto listener = open(endpoint);

    EXPECT_FALSE(claim("127.0.0.1", endpoint.port()));
}

TEST_F(ListenerTest, TheIpv6WildcardLeavesIpv4ToOthers) {
    const tcp::endpoint wildcard = claim("::", 0).value();
    const auto listener = open(wildcard);

    const auto other = open({boost::asio::ip::address_v4::any(), wildcard.port()});

    EXPECT_TRUE(other);
}

TEST_F(ListenerTest, AfterCloseTheLoopRunsDryAndThePortIsFree) {
    const auto listener = open(endpoint);
    listener->start();
    loop.settle();

    listener->close();
    loop.context.restart();
    loop.context.run();

    EXPECT_TRUE(claim("127.0.0.1", endpoint.port()));
}

TEST_F(ListenerTest, MayEndWhileItAccepts) {
    auto listener = open(endpoint);
    listener->start();
    loop.settle();

    listener.reset();
    loop.settle();

    EXPECT_TRUE(accepted.empty());
}

}  // namespace
}  // namespace gateway
