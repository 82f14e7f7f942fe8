#pragma once

// The live proxy: plain HTTP/1.1 on a loopback address, one backend, everything forwarded whole and
// written into the notebook. For one person's browser: one thread, at most 64 connections, a
// deadline for every wait.

#include <memory>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <tl/expected.hpp>

#include "gateway/learn/conversation.h"

namespace gateway::learn {

class Proxy {
public:
    // The notebook must outlive whatever runs in `io`, and `io` the proxy.
    Proxy(boost::asio::io_context& io, boost::asio::ip::tcp::endpoint backend, Origins origins,
          Notebook& notebook);
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    // Listens at `where` (port 0 takes a free one) and begins to accept; the address that browsers
    // go to. The error is a sentence without the address.
    [[nodiscard]] tl::expected<boost::asio::ip::tcp::endpoint, std::string> start(
        const boost::asio::ip::tcp::endpoint& where);

private:
    std::shared_ptr<Surroundings> surroundings_;
    boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace gateway::learn
