#include "gateway/upstream/pool.h"

#include <optional>

#include <gmock/gmock.h>

#include "tests/support/loopback.h"
#include "tests/support/upstream_link.h"

namespace gateway {
namespace {

using policy::Reason;
using testing::HasSubstr;
using Freshness = UpstreamSource::Freshness;
using Lease = std::unique_ptr<Upstream>;

constexpr std::string_view kNoContent = "HTTP/1.1 204 No Content\r\n\r\n";

struct PoolTest : testing::Test {
    support::Loop loop;
    support::Server server;
    std::shared_ptr<policy::Backend> backend = std::make_shared<policy::Backend>();
    std::vector<Endpoint> endpoints{server.endpoint()};
    std::optional<Pools> pools;

    void SetUp() override { open_pools(); }
    void open_pools() {
        pools.emplace(loop.context, loop.wheel, loop.buffers(),
                      std::vector<std::shared_ptr<const policy::Backend>>{backend},
                      std::vector<std::vector<Endpoint>>{endpoints});
    }

    policy::Result<Lease> try_acquire(Freshness freshness = Freshness::Any) {
        return loop.finish(pools->acquire(*backend, freshness));
    }
    Lease acquire(Freshness freshness = Freshness::Any) {
        return std::move(try_acquire(freshness).value());
    }

    // Carries one exchange to its end, so that the connection is fit for another.
    void exchange(Upstream& upstream, support::Peer& peer) {
        const support::Permission permission;
        ASSERT_TRUE(loop.finish(upstream.send(permission.permit(), {}, {}, "")));
        peer.send(kNoContent);
        ASSERT_TRUE(loop.finish(upstream.read_head(support::ignore_interim)));
    }

    // The server's end of a connection that rests in the pool.
    support::Peer rest_one() {
        auto upstream = acquire(Freshness::New);
        auto peer = server.accept().value();
        exchange(*upstream, peer);
        pools->release(std::move(upstream));
        EXPECT_FALSE(peer.has_ended());
        static_cast<void>(peer.take());
        return peer;
    }
};

TEST_F(PoolTest, ConnectsWhenNothingRests) {
    const auto upstream = acquire();

    EXPECT_TRUE(upstream);
    EXPECT_TRUE(server.accept());
}

TEST_F(PoolTest, AConnectionIsUsedAgain) {
    auto peer = rest_one();

    const auto upstream = acquire();

    exchange(*upstream, peer);
    EXPECT_FALSE(server.accept());
}

TEST_F(PoolTest, TheConnectionThatRestedLastIsUsedFirst) {
    auto older = rest_one();
    auto newer = rest_one();

    const auto first = acquire();
    const auto second = acquire();

    exchange(*first, newer);
    exchange(*second, older);
}

TEST_F(PoolTest, ANewConnectionIsMadeWhenOneIsAskedFor) {
    const auto resting = rest_one();

    const auto upstream = acquire(Freshness::New);

    EXPECT_TRUE(server.accept());
}

TEST_F(PoolTest, AConnectionInDoubtIsNotKept) {
    auto upstream = acquire();
    auto peer = server.accept().value();
    exchange(*upstream, peer);
    upstream->abort();

    pools->release(std::move(upstream));

    EXPECT_TRUE(peer.has_ended());
}

TEST_F(PoolTest, WhatTheBackendClosesLeavesThePoolAtOnce) {
    auto peer = rest_one();

    peer.end_writing();

    EXPECT_TRUE(loop.run_until([&] { return peer.has_ended(); }));
}

TEST_F(PoolTest, WhatTheBackendClosedJustNowIsNotUsed) {
    auto peer = rest_one();
    peer.close();  // The loop has had no chance to notice.

    const auto upstream = acquire();

    EXPECT_TRUE(server.accept());
}

TEST_F(PoolTest, BytesThatNobodyAskedForEndAConnection) {
    auto peer = rest_one();

    peer.send("HTTP/1.1 408 Request Timeout\r\n\r\n");

    EXPECT_TRUE(loop.run_until([&] { return peer.has_ended(); }));
}

TEST_F(PoolTest, BytesThatNobodyAskedForAreNotTheNextAnswer) {
    auto peer = rest_one();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");

    const auto upstream = acquire();

    EXPECT_TRUE(server.accept());
}

TEST_F(PoolTest, KeepsNoMoreThanItMay) {
    backend->max_idle = 1;
    auto kept = rest_one();
    auto upstream = acquire(Freshness::New);
    auto peer = server.accept().value();
    exchange(*upstream, peer);

    pools->release(std::move(upstream));

    EXPECT_TRUE(peer.has_ended());
    EXPECT_FALSE(kept.has_ended());
}

TEST_F(PoolTest, ARestThatLastsTooLongEndsAConnectionButNotOneInUse) {
    backend->idle_timeout = policy::Duration(0);
    auto used = rest_one();
    const auto upstream = acquire();

    auto overdue = rest_one();

    ASSERT_TRUE(loop.run_until([&] { return overdue.has_ended(); }));
    EXPECT_FALSE(used.has_ended());
}

TEST_F(PoolTest, ServersAreTakenInTurn) {
    support::Server other;
    endpoints.push_back(other.endpoint());
    open_pools();

    const auto first = acquire();
    const auto second = acquire();

    EXPECT_TRUE(server.accept());
    EXPECT_TRUE(other.accept());
}

TEST_F(PoolTest, AServerThatRefusesIsPassedOver) {
    const support::BoundSocket nobody;
    endpoints = {nobody.endpoint(), server.endpoint()};
    open_pools();

    EXPECT_TRUE(try_acquire());
    EXPECT_TRUE(server.accept());
}

TEST_F(PoolTest, EveryServerIsTriedAlthoughOthersConnectMeanwhile) {
    const support::SilentServer silent;
    endpoints = {silent.endpoint(), server.endpoint()};
    backend->connect_timeout = policy::Duration(0);
    open_pools();
    support::Started slow(pools->acquire(*backend, Freshness::Any));
    ASSERT_TRUE(try_acquire());

    ASSERT_TRUE(loop.run_until([&] { return slow.is_done(); }));

    EXPECT_TRUE(slow.result());
}

TEST_F(PoolTest, WhenNobodyAcceptsTheBackendIsUnreachable) {
    const support::BoundSocket nobody;
    const support::BoundSocket nobody_else;
    endpoints = {nobody.endpoint(), nobody_else.endpoint()};
    open_pools();

    const auto upstream = try_acquire();

    ASSERT_FALSE(upstream);
    EXPECT_EQ(upstream.error().reason, Reason::BackendUnreachable);
    EXPECT_THAT(upstream.error().context, HasSubstr("Connection refused"));
}

TEST_F(PoolTest, ClearingEndsWhatRests) {
    auto one = rest_one();
    auto two = rest_one();

    pools->clear();

    EXPECT_TRUE(one.has_ended());
    EXPECT_TRUE(two.has_ended());
}

TEST_F(PoolTest, APoolThatEndsTakesItsConnectionsAlong) {
    auto peer = rest_one();

    pools.reset();
    loop.settle();

    EXPECT_TRUE(peer.has_ended());
}

TEST_F(PoolTest, EachBackendHasConnectionsOfItsOwn) {
    support::Server other_server;
    const auto other = std::make_shared<policy::Backend>();
    other->index = 1;
    pools.emplace(loop.context, loop.wheel, loop.buffers(),
                  std::vector<std::shared_ptr<const policy::Backend>>{backend, other},
                  std::vector<std::vector<Endpoint>>{endpoints, {other_server.endpoint()}});
    const auto resting = rest_one();

    const auto upstream = loop.finish(pools->acquire(*other, Freshness::Any));

    EXPECT_TRUE(upstream);
    EXPECT_TRUE(other_server.accept());
}

}  // namespace
}  // namespace gateway
