#pragma once

// One server that has everything: where the policy file says, or where sentinels say it is now.

#include "gateway/redis/link.h"
#include "session/redis/nodes.h"

namespace gateway::redis {

// What a loop's table asks. Started and stopped with its loop.
class Servers : public session::redis::Nodes {
public:
    virtual void start() = 0;
    // The loop runs dry afterwards.
    virtual void stop() = 0;
};

class SingleNode final : public Servers {
public:
    // `loop` and `dialling` outlive this.
    SingleNode(boost::asio::io_context& loop, const Dialling& dialling);

    void start() override { link_.start(); }
    void stop() override { link_.stop(); }

    Task<policy::Result<Reply>> ask(std::string_view key, std::string command) override;
    void ask_sometime(std::string_view key, std::string command) override;
    SteadyTime deadline() const override;
    Task<policy::Result<void>> replicate(std::string_view key, unsigned replicas,
                                         SteadyTime deadline) override;

private:
    const Dialling& dialling_;
    Link link_;
};

// By when an answer to a question that is asked now must be there.
[[nodiscard]] SteadyTime deadline_of(const session::redis::Settings& settings);

// Of what WAIT answers, which was asked for as many replicas.
[[nodiscard]] policy::Result<void> enough(const policy::Result<Reply>& reply, unsigned replicas);
[[nodiscard]] std::string wait_command(const session::redis::Settings& settings, unsigned replicas);

}  // namespace gateway::redis
