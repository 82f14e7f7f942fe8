#include "gateway/redis/cluster.h"

#include <algorithm>
#include <set>
#include <utility>

#include "gateway/io/completion.h"
#include "session/redis/command.h"

namespace gateway::redis {
namespace {

using policy::Reason;
using session::redis::format;

constexpr policy::Duration kBetweenMaps{100};

[[nodiscard]] Task<policy::Result<Address>> itself(Address address) {
    co_return address;
}

}  // namespace

Cluster::Cluster(boost::asio::io_context& loop, const Dialling& dialling)
    : loop_(loop), dialling_(dialling), nodes_(dialling.settings.addresses), pause_(loop) {}

void Cluster::start() {
    for (const auto& address : nodes_) (void)link_to(address);
    learn_soon();
}

void Cluster::stop() {
    is_stopped_ = true;
    pause_.cancel();
    for (auto& [address, link] : links_) link->stop();
}

Link& Cluster::link_to(const Address& address) {
    auto& link = links_[address];
    if (!link) {
        link = std::make_unique<Link>(
            loop_, dialling_, [address] { return itself(address); }, Role::Any);
        if (!is_stopped_) link->start();
    }
    return *link;
}

// As long as the map is not known any node will do: it says where to go.
Link& Cluster::link_for(std::size_t slot) {
    if (auto* const known = slots_[slot]) return *known;
    return link_to(nodes_[slot % nodes_.size()]);
}

Task<policy::Result<Reply>> Cluster::ask(std::string_view key, std::string command) {
    return ask_slot(slot_of(key), std::move(command), deadline());
}

Task<policy::Result<Reply>> Cluster::ask_slot(std::size_t slot, std::string command,
                                              SteadyTime deadline) {
    const auto asking = format({"ASKING"});
    Link* link = &link_for(slot);
    bool is_asking = false;
    for (unsigned i = 0; i <= kMostRedirections; ++i) {
        policy::Result<Reply> reply = Reply{};
        if (is_asking)
            reply = co_await link->ask_both(asking, command, deadline);
        else
            reply = co_await link->ask(command, deadline);
        if (!reply) {
            learn_soon();
            co_return reply;
        }
        const auto elsewhere = read_redirection(*reply, link->peer());
        if (!elsewhere) co_return reply;
        is_asking = reply->is_error("ASK");
        link = &link_to(*elsewhere);
        if (is_asking) continue;
        slots_[slot] = link;
        learn_soon();
    }
    co_return policy::fail(Reason::StoreUnavailable, "redis: the cluster's nodes disagree");
}

void Cluster::ask_sometime(std::string_view key, std::string command) {
    link_for(slot_of(key)).ask_sometime(std::move(command));
}

SteadyTime Cluster::deadline() const {
    return deadline_of(dialling_.settings);
}

Task<policy::Result<void>> Cluster::replicate(std::string_view key, unsigned replicas,
                                              SteadyTime deadline) {
    const auto reply =
        co_await ask_slot(slot_of(key), wait_command(dialling_.settings, replicas), deadline);
    co_return enough(reply, replicas);
}

void Cluster::learn_soon() {
    if (is_stopped_ || std::exchange(is_learning_, true)) return;
    session::spawn(learn());
}

// Asks one node after the other until one knows, and not again for a moment.
Task<void> Cluster::learn() {
    const auto nodes = nodes_;
    const auto question = format({"CLUSTER", "SLOTS"});
    for (const auto& address : nodes) {
        if (is_stopped_) break;
        const auto reply = co_await link_to(address).ask(question, deadline_of(dialling_.settings));
        if (!reply || is_stopped_) continue;
        const auto ranges = read_slots(*reply, address);
        if (!ranges) continue;
        adopt(*ranges);
        break;
    }
    if (!is_stopped_) {
        pause_.expires_after(kBetweenMaps);
        co_await completion([&](auto done) { pause_.async_wait(done); });
    }
    is_learning_ = false;
}

void Cluster::adopt(const std::vector<SlotRange>& ranges) {
    std::set<Address> primaries;
    for (const auto& range : ranges) {
        Link& link = link_to(range.primary);
        primaries.insert(range.primary);
        std::fill(slots_.begin() + static_cast<std::ptrdiff_t>(range.first),
                  slots_.begin() + static_cast<std::ptrdiff_t>(range.last) + 1, &link);
    }
    // Whoever was named by the policy file can still be asked when all others are gone.
    nodes_.assign(primaries.begin(), primaries.end());
    for (const auto& address : dialling_.settings.addresses) {
        if (!primaries.contains(address)) nodes_.push_back(address);
    }
    for (auto next = links_.begin(); next != links_.end();) {
        auto& [address, link] = *next;
        const bool is_used = std::find(nodes_.begin(), nodes_.end(), address) != nodes_.end() ||
                             std::find(slots_.begin(), slots_.end(), link.get()) != slots_.end();
        if (is_used) {
            ++next;
            continue;
        }
        link->stop();
        retired_.push_back(std::move(link));
        next = links_.erase(next);
    }
}

}  // namespace gateway::redis
