#include "gateway/learn/proxy.h"

#include <chrono>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gateway::learn {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t kMostConnections = 64;
constexpr auto kPause = std::chrono::milliseconds(100);  // After a failed accept.

auto into(error_code& error) {
    return asio::redirect_error(asio::use_awaitable, error);
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor,
                                 std::shared_ptr<Surroundings> surroundings) {
    asio::steady_timer pause(acceptor.get_executor());
    for (;;) {
        error_code error;
        auto socket = co_await acceptor.async_accept(into(error));
        if (error == asio::error::operation_aborted) co_return;
        if (error) {
            pause.expires_after(kPause);
            co_await pause.async_wait(into(error));
        } else if (surroundings->connections < kMostConnections) {
            asio::co_spawn(pause.get_executor(), converse(std::move(socket), surroundings),
                           asio::detached);
        }
    }
}

}  // namespace

Proxy::Proxy(asio::io_context& io, tcp::endpoint backend, Origins origins, Notebook& notebook)
    : surroundings_(new Surroundings{std::move(backend), std::move(origins), notebook, 0}),
      acceptor_(io) {}

tl::expected<tcp::endpoint, std::string> Proxy::start(const tcp::endpoint& where) {
    error_code error;
    acceptor_.open(where.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(where, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return tl::unexpected("cannot listen there: " + error.message());
    asio::co_spawn(acceptor_.get_executor(), accept_all(acceptor_, surroundings_), asio::detached);
    return acceptor_.local_endpoint();
}

}  // namespace gateway::learn
