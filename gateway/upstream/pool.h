#pragma once

// The connections of one worker to one backend: the one that rested last is used first, a parked
// wait notices when the backend closes one, and servers that cannot be reached are passed over.

#include <list>
#include <memory>
#include <vector>

#include "gateway/io/http1_upstream.h"
#include "gateway/upstream/connect.h"

namespace gateway {

class Pool {
public:
    // Everything outlives the pool. `endpoints` is not empty.
    Pool(boost::asio::io_context& loop, TimerWheel& wheel, Buffers buffers,
         const policy::Backend& backend, std::vector<Endpoint> endpoints);
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    // Errors: BackendUnreachable, when no server accepts within the backend's connect_timeout,
    // which the servers share.
    [[nodiscard]] Task<policy::Result<std::unique_ptr<Upstream>>> acquire(
        UpstreamSource::Freshness freshness);

    void release(std::unique_ptr<Http1Upstream> upstream);

    void clear() { idle_.clear(); }

private:
    // A resting connection. Readable means closed, or bytes nobody asked for: out it goes.
    struct Idle;
    using Places = std::list<Idle>;
    struct Idle final : Socket::Waiter {
        explicit Idle(Pool& owner) : pool(owner) {}
        ~Idle() override { leave(); }
        void on_wake(Wake wake) override;

        Pool& pool;
        std::unique_ptr<Http1Upstream> upstream;
        Places::iterator position;
    };

    // Takes the connection out of its place.
    std::unique_ptr<Http1Upstream> empty(Places::iterator place);

    [[nodiscard]] std::unique_ptr<Upstream> take_idle();

    boost::asio::io_context& loop_;
    TimerWheel& wheel_;
    Buffers buffers_;
    const policy::Backend& backend_;
    std::vector<Endpoint> endpoints_;
    std::size_t next_endpoint_ = 0;
    Places idle_;    // The freshest in front.
    Places places_;  // Without a connection: kept, so that resting costs no allocation.
};

// One pool for each backend of the policy.
class Pools final : public UpstreamSource {
public:
    // `endpoints[i]` are those of the backend with index i.
    Pools(boost::asio::io_context& loop, TimerWheel& wheel, Buffers buffers,
          const std::vector<std::shared_ptr<const policy::Backend>>& backends,
          const std::vector<std::vector<Endpoint>>& endpoints);

    [[nodiscard]] Task<policy::Result<std::unique_ptr<Upstream>>> acquire(
        const policy::Backend& backend, Freshness freshness) override;
    void release(std::unique_ptr<Upstream> upstream) override;

    void clear();

private:
    std::vector<std::unique_ptr<Pool>> pools_;
};

}  // namespace gateway
