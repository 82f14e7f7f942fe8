#pragma once

// Subscriber: hears what any gateway tells all of them. One for each process. While its connection
// is gone, or does not answer, nobody may rely on having heard of everything.

#include <functional>
#include <memory>

#include "gateway/redis/link.h"
#include "session/table.h"

namespace gateway::redis {

class Subscriber {
public:
    struct Calls {
        std::function<void(const session::Notice&)> heard;
        // Notices come in from now on, or no more. In between some may have been missed.
        std::function<void(bool is_listening)> changed;
    };

    // `loop` and `dialling` outlive this.
    Subscriber(boost::asio::io_context& loop, const Dialling& dialling, std::string channel,
               Calls calls);

    void start();
    // The loop has nothing to do for it soon after.
    void stop();

private:
    [[nodiscard]] Task<void> run();
    [[nodiscard]] Task<policy::Result<void>> subscribe(std::shared_ptr<Wire> wire);
    [[nodiscard]] Task<void> listen(std::shared_ptr<Wire> wire);
    [[nodiscard]] Task<void> ping(std::shared_ptr<Wire> wire);
    [[nodiscard]] Task<void> pause(policy::Duration duration, SteadyTimer& timer);
    void hear(const Reply& message);

    boost::asio::io_context& loop_;
    const Dialling& dialling_;
    std::string channel_;
    Calls calls_;
    Link::Locate locate_;
    std::shared_ptr<Wire> wire_;
    bool is_stopped_ = false;
    SteadyTimer pause_;
    SteadyTimer beat_;
};

}  // namespace gateway::redis
