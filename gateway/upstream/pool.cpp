#include "gateway/upstream/pool.h"

#include <algorithm>
#include <utility>

#include "gateway/io/deadline.h"

namespace gateway {
namespace {

// A server that does not answer leaves the others their part of the time, a tick at least.
policy::Duration share_of(const Deadline& deadline, std::size_t untried) {
    const auto share = deadline.left() / static_cast<policy::Duration::rep>(untried);
    return std::max<policy::Duration>(share, TimerWheel::kTick);
}

}  // namespace

Pool::Pool(boost::asio::io_context& loop, TimerWheel& wheel, Buffers buffers,
           const policy::Backend& backend, std::vector<Endpoint> endpoints)
    : loop_(loop),
      wheel_(wheel),
      buffers_(buffers),
      backend_(backend),
      endpoints_(std::move(endpoints)) {}

Pool::~Pool() = default;

void Pool::Idle::on_wake(Wake) {
    pool.empty(position);
}

std::unique_ptr<Http1Upstream> Pool::empty(Places::iterator place) {
    place->leave();
    places_.splice(places_.begin(), idle_, place);
    return std::exchange(place->upstream, nullptr);
}

std::unique_ptr<Upstream> Pool::take_idle() {
    while (!idle_.empty()) {
        auto upstream = empty(idle_.begin());
        if (upstream->is_quiet()) return upstream;
    }
    return nullptr;
}

Task<policy::Result<std::unique_ptr<Upstream>>> Pool::acquire(UpstreamSource::Freshness freshness) {
    if (freshness == UpstreamSource::Freshness::Any) {
        if (auto idle = take_idle()) co_return idle;
    }
    policy::Error last{policy::Reason::BackendUnreachable, {}};
    const Deadline deadline(backend_.connect_timeout);
    // Others acquire meanwhile: each has its own way round.
    const auto first = next_endpoint_;
    next_endpoint_ = (first + 1) % endpoints_.size();
    for (std::size_t tried = 0; tried < endpoints_.size(); ++tried) {
        const auto& endpoint = endpoints_[(first + tried) % endpoints_.size()];
        const auto share = share_of(deadline, endpoints_.size() - tried);
        auto stream = co_await connect(loop_, wheel_, endpoint, share);
        if (stream)
            co_return std::make_unique<Http1Upstream>(std::move(*stream), buffers_, backend_);
        last = std::move(stream.error());
    }
    co_return tl::unexpected(std::move(last));
}

void Pool::release(std::unique_ptr<Http1Upstream> upstream) {
    if (!upstream->is_reusable() || idle_.size() >= backend_.max_idle) return;
    upstream->rest();
    auto& socket = upstream->socket();
    if (places_.empty()) places_.emplace_front(*this);
    auto& idle = places_.front();
    socket.notify(Direction::Read, idle);
    wheel_.arm(idle, backend_.idle_timeout);
    idle.upstream = std::move(upstream);
    idle_.splice(idle_.begin(), places_, places_.begin());
    idle.position = idle_.begin();
}

Pools::Pools(boost::asio::io_context& loop, TimerWheel& wheel, Buffers buffers,
             const std::vector<std::shared_ptr<const policy::Backend>>& backends,
             const std::vector<std::vector<Endpoint>>& endpoints) {
    for (const auto& backend : backends)
        pools_.push_back(
            std::make_unique<Pool>(loop, wheel, buffers, *backend, endpoints[backend->index]));
}

Task<policy::Result<std::unique_ptr<Upstream>>> Pools::acquire(const policy::Backend& backend,
                                                               Freshness freshness) {
    return pools_[backend.index]->acquire(freshness);
}

void Pools::release(std::unique_ptr<Upstream> upstream) {
    // Only acquire() hands these out, and it makes nothing else.
    auto* connection = static_cast<Http1Upstream*>(upstream.release());
    pools_[connection->backend().index]->release(std::unique_ptr<Http1Upstream>(connection));
}

void Pools::clear() {
    for (auto& pool : pools_) pool->clear();
}

}  // namespace gateway
