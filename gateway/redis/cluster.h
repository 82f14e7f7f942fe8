#pragma once

// A Redis cluster: a link for each node that has slots, and a map of them that is asked for again
// when a node says that it is wrong, or does not answer.

#include <array>
#include <map>
#include <memory>

#include "gateway/redis/link.h"
#include "gateway/redis/single_node.h"
#include "gateway/redis/slots.h"

namespace gateway::redis {

class Cluster final : public Servers {
public:
    // Both outlive this.
    Cluster(boost::asio::io_context& loop, const Dialling& dialling);

    void start() override;
    void stop() override;

    Task<policy::Result<Reply>> ask(std::string_view key, std::string command) override;
    void ask_sometime(std::string_view key, std::string command) override;
    SteadyTime deadline() const override;
    Task<policy::Result<void>> replicate(std::string_view key, unsigned replicas,
                                         SteadyTime deadline) override;

private:
    static constexpr unsigned kMostRedirections = 5;

    [[nodiscard]] Link& link_to(const Address& address);
    [[nodiscard]] Link& link_for(std::size_t slot);
    [[nodiscard]] Task<policy::Result<Reply>> ask_slot(std::size_t slot, std::string command,
                                                       SteadyTime deadline);
    [[nodiscard]] Task<void> learn();
    void learn_soon();
    void adopt(const std::vector<SlotRange>& ranges);

    boost::asio::io_context& loop_;
    const Dialling& dialling_;
    // Those that are not used any more stay, stopped: the loop may still have something of theirs.
    std::map<Address, std::unique_ptr<Link>> links_;
    std::vector<std::unique_ptr<Link>> retired_;
    std::array<Link*, kSlots> slots_{};
    std::vector<Address> nodes_;  // To ask for the map.
    bool is_learning_ = false;
    bool is_stopped_ = false;
    SteadyTimer pause_;  // Between two times that the map is asked for.
};

}  // namespace gateway::redis
