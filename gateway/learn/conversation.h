#pragma once

// One connection of the browser to the learning proxy: requests in, each on a connection of its own
// to the backend, answers back, both into the notebook.

#include <cstddef>
#include <memory>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "gateway/learn/crossing.h"
#include "gateway/learn/notebook.h"

namespace gateway::learn {

// What all connections share.
struct Surroundings {
    boost::asio::ip::tcp::endpoint backend;
    Origins origins;
    Notebook& notebook;
    std::size_t connections = 0;
};

// Ends when the browser closes, is silent for two minutes, or something breaks: each wait has a
// deadline. Bodies are forwarded whole, whatever their size, in pieces of 16 KiB.
[[nodiscard]] boost::asio::awaitable<void> converse(boost::asio::ip::tcp::socket browser,
                                                    std::shared_ptr<Surroundings> surroundings);

}  // namespace gateway::learn
