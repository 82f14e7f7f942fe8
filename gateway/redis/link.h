#pragma once

// Link: the one pipelined connection that a loop has to a Redis server. Commands of many requests
// share it, are sent together when the loop has turned, and are answered in order. It connects
// again by itself, later and later, and until then everybody is refused at once.

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include "gateway/redis/greeting.h"
#include "gateway/redis/wire.h"
#include "session/random.h"
#include "session/redis/settings.h"

namespace gateway::redis {

using SteadyTime = std::chrono::steady_clock::time_point;
using SteadyTimer = boost::asio::basic_waitable_timer<std::chrono::steady_clock>;

// What all links of a process have in common; outlives them. Usable from all their threads.
struct Dialling {
    const session::redis::Settings& settings;
    std::unique_ptr<TlsClient> tls;
    session::Random& random;
    // Commands that a server is told before it serves again: what it may have lost.
    std::function<std::vector<std::string>()> first;
};

class Link {
public:
    // Where the server is, asked before each attempt to connect.
    using Locate = std::function<Task<policy::Result<Address>>()>;

    // `loop` and `dialling` outlive this.
    Link(boost::asio::io_context& loop, const Dialling& dialling, Locate locate, Role role);
    // After the loop has ended, or is_over().
    ~Link() = default;
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    void start();
    // For good; all who wait are refused. The loop has nothing to do for the link soon after.
    void stop();
    [[nodiscard]] bool is_over() const { return !is_running_; }

    // Errors: StoreUnavailable, at the latest at `deadline`. Whether the server has done what it
    // was asked is unknown then.
    [[nodiscard]] Task<policy::Result<Reply>> ask(std::string command, SteadyTime deadline);
    // The same, of commands to be answered one after the other with nothing in between; the last
    // reply counts.
    [[nodiscard]] Task<policy::Result<Reply>> ask_both(std::string command, std::string next,
                                                       SteadyTime deadline);

    // Goes with the next command, or soon; nobody hears of the answer.
    void ask_sometime(std::string command);

    [[nodiscard]] const Address& peer() const { return peer_; }

private:
    enum class State : std::uint8_t {
        Down,     // Everybody is refused.
        Opening,  // For the first time, or after a connection ended idle: who comes may wait for
                  // it.
        Ready,
    };
    class Asking;

    struct Waiting {
        Asking* asking = nullptr;  // Null: nobody hears of the answer.
        SteadyTime deadline{};
    };

    [[nodiscard]] Task<void> run();
    [[nodiscard]] Task<policy::Result<void>> begin(Wire& wire);
    [[nodiscard]] Task<policy::Error> receive(Wire& wire);
    [[nodiscard]] Task<void> pause();
    [[nodiscard]] Task<void> send(std::shared_ptr<Wire> wire);
    void enqueue(std::string_view command, Waiting waiting);
    void answer(Reply reply);
    void fail_all();
    void flush_soon();
    void flush();
    void watch(SteadyTime deadline);
    void check_deadlines();

    boost::asio::io_context& loop_;
    const Dialling& dialling_;
    Locate locate_;
    Role role_;
    Address peer_;
    State state_ = State::Down;
    bool is_running_ = false;
    bool is_stopped_ = false;
    bool is_sending_ = false;
    bool is_flush_posted_ = false;
    bool is_late_ = false;       // This connection did not answer in time.
    bool has_answered_ = false;  // This connection has.
    std::uint64_t watches_ = 0;  // Begun so far: one that is over does nothing.
    SteadyTime watched_ = SteadyTime::max();
    unsigned failures_ = 0;  // Of connections, one after the other.
    policy::Error why_{policy::Reason::StoreUnavailable,
                       "redis: no connection yet"};  // Of the last failure.
    std::shared_ptr<Wire> wire_;
    std::deque<Waiting> waiting_;  // In the order of the answers to come.
    std::string unsent_;
    std::vector<std::string> sometime_;
    SteadyTimer watch_;
    SteadyTimer pause_;
    SteadyTimer linger_;  // Until what can wait is sent by itself.
};

}  // namespace gateway::redis
