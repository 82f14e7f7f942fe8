#include "gateway/learn/console.h"

#include <array>
#include <iostream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace gateway::learn {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kLongestLine = 4096;

}  // namespace

Console::Console(asio::io_context& io) : input_(io), flags_(::fcntl(STDIN_FILENO, F_GETFL)) {
    boost::system::error_code error;
    input_.assign(::dup(STDIN_FILENO), error);
    has_ended_ = error.failed();
}

Console::~Console() {
    if (flags_ >= 0) ::fcntl(STDIN_FILENO, F_SETFL, flags_);
}

asio::awaitable<std::optional<std::string>> Console::read_line() {
    while (!has_ended_) {
        if (auto line = take_line()) co_return line;
        boost::system::error_code error;
        co_await input_.async_wait(asio::posix::stream_descriptor::wait_read,
                                   asio::redirect_error(asio::use_awaitable, error));
        // A file cannot be waited for, and need not be.
        const bool is_ready = !error || error == asio::error::operation_not_supported;
        if (!is_ready || !read_more()) has_ended_ = true;
    }
    co_return take_line();
}

void Console::say(std::string_view text) {
    std::cerr << text << std::flush;
}

void Console::close() {
    has_ended_ = true;
    pending_.clear();
    boost::system::error_code ignored;
    input_.cancel(ignored);
}

std::optional<std::string> Console::take_line() {
    const auto end = pending_.find('\n');
    const bool is_whole = end != std::string::npos;
    if (!is_whole && pending_.size() < kLongestLine) return std::nullopt;
    auto line = pending_.substr(0, is_whole ? end : kLongestLine);
    pending_.erase(0, line.size() + (is_whole ? 1 : 0));
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

bool Console::read_more() {
    std::array<char, 1024> part;
    const auto got = ::read(input_.native_handle(), part.data(), part.size());
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    pending_.append(part.data(), static_cast<std::size_t>(got));
    return got > 0;
}

}  // namespace gateway::learn
