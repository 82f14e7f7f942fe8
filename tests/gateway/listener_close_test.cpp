// Listener: what happens around close().

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "gateway/listener.h"
#include "tests/support/wire.h"

namespace gateway {
namespace {

struct ListenerClosing : testing::Test {
    support::Wire wire;
    tcp::endpoint address = *claim("127.0.0.1", 0);
    std::unique_ptr<Listener> listener;
    int accepted = 0;

    void listen(const std::function<void()>& on_accept) {
        listener = *Listener::open(wire.loop, wire.wheel, address,
                                   [this, on_accept](TcpSocket, const tcp::endpoint&) {
                                       ++accepted;
                                       on_accept();
                                   });
        listener->start();
    }

    // A client whose connection the kernel has completed.
    support::Descriptor connect() {
        support::Descriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        EXPECT_EQ(
            ::connect(client.number(), address.data(), static_cast<socklen_t>(address.size())), 0);
        return client;
    }

    // The loop has nothing left to wait for.
    bool runs_dry() {
        return wire.run_until([this] { return wire.loop.stopped(); });
    }
};

TEST_F(ListenerClosing, AcceptsUntilItIsClosed) {
    listen([] {});
    const auto first = connect();
    const auto second = connect();

    EXPECT_TRUE(wire.run_until([this] { return accepted == 2; }));
    listener->close();

    EXPECT_TRUE(runs_dry());
}

TEST_F(ListenerClosing, ClosedWhileItAcceptsNeitherGoesOnNorTriesAgain) {
    listen([this] { listener->close(); });
    const auto first = connect();
    const auto second = connect();

    EXPECT_TRUE(wire.run_until([this] { return accepted == 1; }));

    EXPECT_TRUE(runs_dry());
    EXPECT_EQ(accepted, 1);
}

// The second client is taken from the kernel while the first is served, before close() runs.
TEST_F(ListenerClosing, NobodyIsLetInAfterItWasClosed) {
    listen([this] { boost::asio::post(wire.loop, [this] { listener->close(); }); });
    const auto first = connect();
    const auto second = connect();

    EXPECT_TRUE(runs_dry());

    EXPECT_EQ(accepted, 1);
}

}  // namespace
}  // namespace gateway
