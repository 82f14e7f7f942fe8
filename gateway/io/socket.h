#pragma once

// Socket: a TCP socket whose readiness can be awaited under a deadline. It moves no bytes itself;
// streams do that on its descriptor and come here only when the kernel has nothing for them.
//
// At most one Asio wait per direction is outstanding, and it may stay parked while nobody waits:
// the wait for a client's next request is the same that notices that the client has left.

#include <array>
#include <coroutine>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include "gateway/io/timer_wheel.h"

namespace gateway {

// The concrete executor spares every operation a type-erased one.
using TcpSocket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

enum class Direction : std::uint8_t {
    Read,
    Write,
    Error,  // The connection broke; readiness to read or write does not count.
};

enum class Wake : std::uint8_t {
    Ready,  // Try the operation again; it may still have to wait.
    TimedOut,
    Closed,  // The socket was closed on this side.
};

class Socket {
public:
    // Somebody to be woken, once. Deregisters itself when destroyed.
    class Waiter : public TimerWheel::Node {
    public:
        ~Waiter() override { leave(); }
        virtual void on_wake(Wake wake) = 0;
        void leave();

    private:
        friend class Socket;
        void on_deadline() final;
        Waiter* next_waiter_ = nullptr;
        Waiter** list_ = nullptr;  // The list it is in; null when in none.
    };

    // `socket` is open and non-blocking. `wheel` outlives this.
    Socket(TcpSocket socket, TimerWheel& wheel);
    ~Socket();
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    [[nodiscard]] int descriptor();
    [[nodiscard]] bool is_open() const { return open_; }

    // Wakes `waiter` when the descriptor may be ready; never from within this call.
    void notify(Direction direction, Waiter& waiter);

    class Waiting;
    // Suspends the awaiting coroutine; the result is a Wake. No time left is TimedOut at once.
    [[nodiscard]] Waiting wait(Direction direction, policy::Duration timeout);

    // Fairness. Who always finds the socket ready would never return to the loop: spend() what was
    // moved, then await give_way(), which suspends once too much was moved since the last wait,
    // until the loop has turned to everybody else.
    void spend(std::size_t bytes) { spent_ += bytes + kOperation; }
    class GivingWay;
    [[nodiscard]] GivingWay give_way();

    // True while a wait of that direction is parked and has not fired: what it waits for is not
    // there.
    [[nodiscard]] bool is_parked(Direction direction) const {
        return parking_->sides[static_cast<std::size_t>(direction)].armed;
    }

    // Ends all waits with Wake::Closed, from the loop, not from within this call.
    void close();

    // Ends the waits of one direction with Wake::Closed, now.
    void wake(Direction direction);

    // Says that nothing more will be sent, and keeps reading possible.
    void shutdown_write();

private:
    // Some ten writes of whole records, or thirty exchanges that the gateway answers by itself: a
    // few milliseconds. The charge for an operation stands for the work around it.
    static constexpr std::size_t kTurn = std::size_t{256} * 1024;
    static constexpr std::size_t kOperation = std::size_t{8} * 1024;

    // Outlives the socket while Asio still holds a wait of it.
    struct Parking : boost::intrusive_ref_counter<Parking, boost::thread_unsafe_counter> {
        struct Side {
            Waiter* waiters = nullptr;
            bool armed = false;
            bool ready = false;  // Became ready while nobody waited.
        };
        std::array<Side, 3> sides;
        Side turn;  // Those that give way; armed while their resumption is posted.
    };

    [[nodiscard]] Parking::Side& side(Direction direction);
    void arm(Direction direction);
    void await_turn(Waiter& waiter);
    static void park(Parking::Side& side, Waiter& waiter);
    static void wake_all(Parking::Side& side, Wake wake);

    TcpSocket socket_;
    TimerWheel& wheel_;
    boost::intrusive_ptr<Parking> parking_;
    bool open_ = true;
    std::size_t spent_ = 0;  // Since the last wait.
};

class Socket::Waiting final : public Socket::Waiter {
public:
    Waiting(Socket& socket, Direction direction, policy::Duration timeout)
        : socket_(socket), direction_(direction), timeout_(timeout) {}

    [[nodiscard]] bool await_ready();
    void await_suspend(std::coroutine_handle<> awaiting);
    [[nodiscard]] Wake await_resume() const { return wake_; }

private:
    void on_wake(Wake wake) override;

    Socket& socket_;
    Direction direction_;
    policy::Duration timeout_;
    Wake wake_ = Wake::Ready;
    std::coroutine_handle<> awaiting_;
};

class Socket::GivingWay final : public Socket::Waiter {
public:
    explicit GivingWay(Socket& socket) : socket_(socket) {}

    [[nodiscard]] bool await_ready() const { return socket_.spent_ < kTurn; }
    void await_suspend(std::coroutine_handle<> awaiting);
    void await_resume() const {}

private:
    void on_wake(Wake wake) override;

    Socket& socket_;
    std::coroutine_handle<> awaiting_;
};

inline Socket::GivingWay Socket::give_way() {
    return GivingWay(*this);
}

}  // namespace gateway
