#include "gateway/io/socket.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace gateway {

void Socket::Waiter::leave() {
    unlink();
    if (!list_) return;
    Waiter** link = list_;
    while (*link != this) link = &(*link)->next_waiter_;
    *link = next_waiter_;
    next_waiter_ = nullptr;
    list_ = nullptr;
}

void Socket::Waiter::on_deadline() {
    leave();
    on_wake(Wake::TimedOut);
}

Socket::Socket(TcpSocket socket, TimerWheel& wheel)
    : socket_(std::move(socket)), wheel_(wheel), parking_(new Parking) {}

Socket::~Socket() {
    for (auto& side : parking_->sides) {
        while (side.waiters) side.waiters->leave();
    }
    while (parking_->turn.waiters) parking_->turn.waiters->leave();
}

int Socket::descriptor() {
    return socket_.native_handle();
}

Socket::Parking::Side& Socket::side(Direction direction) {
    return parking_->sides[static_cast<std::size_t>(direction)];
}

void Socket::park(Parking::Side& side, Waiter& waiter) {
    waiter.next_waiter_ = side.waiters;
    waiter.list_ = &side.waiters;
    side.waiters = &waiter;
}

void Socket::notify(Direction direction, Waiter& waiter) {
    park(side(direction), waiter);
    arm(direction);
}

void Socket::await_turn(Waiter& waiter) {
    spent_ = 0;
    auto& turn = parking_->turn;
    park(turn, waiter);
    if (turn.armed) return;
    boost::asio::post(socket_.get_executor(), [parking = parking_] {
        parking->turn.armed = false;
        wake_all(parking->turn, Wake::Ready);
    });
    turn.armed = true;
}

void Socket::arm(Direction direction) {
    auto& where = side(direction);
    if (where.armed) return;
    static constexpr std::array kKinds{TcpSocket::wait_read, TcpSocket::wait_write,
                                       TcpSocket::wait_error};
    const auto kind = kKinds[static_cast<std::size_t>(direction)];
    socket_.async_wait(kind, [parking = parking_, direction](const boost::system::error_code& ec) {
        auto& done = parking->sides[static_cast<std::size_t>(direction)];
        done.armed = false;
        if (!done.waiters) done.ready = true;
        wake_all(done, ec ? Wake::Closed : Wake::Ready);
    });
    where.armed = true;  // Only now: starting the wait may have failed.
}

void Socket::wake_all(Parking::Side& side, Wake wake) {
    // Only those that wait now: a woken coroutine may wait again at once.
    Waiter* waiters = std::exchange(side.waiters, nullptr);
    for (Waiter* waiter = waiters; waiter; waiter = waiter->next_waiter_) waiter->list_ = &waiters;
    while (waiters) {
        Waiter& next = *waiters;
        next.leave();
        next.on_wake(wake);
    }
}

Socket::Waiting Socket::wait(Direction direction, policy::Duration timeout) {
    return {*this, direction, timeout};
}

void Socket::close() {
    if (!std::exchange(open_, false)) return;
    boost::system::error_code ignored;  // There is nobody left to tell.
    socket_.close(ignored);
}

void Socket::wake(Direction direction) {
    wake_all(side(direction), Wake::Closed);
}

void Socket::shutdown_write() {
    boost::system::error_code ignored;  // The peer may have gone first.
    socket_.shutdown(TcpSocket::shutdown_send, ignored);
}

bool Socket::Waiting::await_ready() {
    if (!socket_.open_) {
        wake_ = Wake::Closed;
        return true;
    }
    if (timeout_ <= policy::Duration::zero()) {
        wake_ = Wake::TimedOut;
        return true;
    }
    return std::exchange(socket_.side(direction_).ready, false);
}

void Socket::Waiting::await_suspend(std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    socket_.spent_ = 0;
    socket_.notify(direction_, *this);
    socket_.wheel_.arm(*this, timeout_);
}

void Socket::Waiting::on_wake(Wake wake) {
    wake_ = wake;
    awaiting_.resume();
}

void Socket::GivingWay::await_suspend(std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    socket_.await_turn(*this);
}

void Socket::GivingWay::on_wake(Wake) {
    awaiting_.resume();
}

}  // namespace gateway
