#include <gtest/gtest.h>

#include "gateway/upstream/pool.h"
#include "tests/support/wire.h"

namespace gateway {
namespace {

using boost::asio::ip::tcp;

// A server whose machine does not answer: connecting neither succeeds nor fails.
class DeafServer {
public:
    DeafServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        bind_somewhere();
        ::listen(socket_.number(), 0);
        for (int i = 0; i < 4; ++i) fill();
    }
    [[nodiscard]] Endpoint address() const { return address_; }

private:
    void bind_somewhere() {
        Endpoint any(boost::asio::ip::address_v4::loopback(), 0);
        ::bind(socket_.number(), any.data(), static_cast<socklen_t>(any.size()));
        auto size = static_cast<socklen_t>(any.size());
        ::getsockname(socket_.number(), any.data(), &size);
        address_ = any;
    }

    // The kernel completes one connection that nobody accepts, and lets the others wait.
    void fill() {
        auto& filler =
            fillers_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        ::connect(filler.number(), address_.data(), static_cast<socklen_t>(address_.size()));
    }

    support::Descriptor socket_;
    Endpoint address_;
    std::vector<support::Descriptor> fillers_;
};

struct Reminder final : TimerWheel::Node {
    void on_deadline() override { came = true; }
    bool came = false;
};

struct Acquire : testing::Test {
    support::Wire wire;
    policy::Backend backend;
    std::optional<policy::Result<std::unique_ptr<Upstream>>> acquired;

    Acquire() { backend.connect_timeout = std::chrono::seconds(1); }

    static Task<void> keep(Pool& pool, decltype(acquired)& result) {
        result.emplace(co_await pool.acquire(UpstreamSource::Freshness::Any));
    }
    bool is_done() const { return acquired.has_value(); }
};

TEST_F(Acquire, TakesTheConnectTimeoutOnceHoweverManyServersAreDeaf) {
    const DeafServer one, two, three;
    Pool pool(wire.loop, wire.wheel, wire.buffers(), backend,
              {one.address(), two.address(), three.address()});
    Reminder much_later;
    wire.wheel.arm(much_later, 2 * backend.connect_timeout);

    session::spawn(keep(pool, acquired));

    EXPECT_TRUE(wire.run_until([this] { return is_done(); }));
    EXPECT_FALSE(much_later.came);
    EXPECT_EQ(acquired->error().reason, policy::Reason::BackendUnreachable);
}

TEST_F(Acquire, LeavesTimeForTheNextServerWhenOneIsDeaf) {
    const DeafServer deaf;
    tcp::acceptor server(wire.loop, Endpoint(boost::asio::ip::address_v4::loopback(), 0));
    Pool pool(wire.loop, wire.wheel, wire.buffers(), backend,
              {deaf.address(), server.local_endpoint()});

    session::spawn(keep(pool, acquired));

    EXPECT_TRUE(wire.run_until([this] { return is_done(); }));
    EXPECT_TRUE(acquired->has_value());
}

TEST_F(Acquire, TriesEachServerAlthoughOthersAcquireMeanwhile) {
    const DeafServer deaf;
    tcp::acceptor server(wire.loop, Endpoint(boost::asio::ip::address_v4::loopback(), 0));
    Pool pool(wire.loop, wire.wheel, wire.buffers(), backend,
              {deaf.address(), server.local_endpoint()});
    decltype(acquired) meanwhile;

    session::spawn(keep(pool, acquired));
    session::spawn(keep(pool, meanwhile));

    EXPECT_TRUE(wire.run_until([&] { return is_done() && meanwhile.has_value(); }));
    EXPECT_TRUE(acquired->has_value());
    EXPECT_TRUE(meanwhile->has_value());
}

}  // namespace
}  // namespace gateway
