#pragma once

// The person at the terminal: lines in from standard input, sentences out to standard error, so
// that standard output is free for the result.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace gateway::learn {

class Console {
public:
    explicit Console(boost::asio::io_context& io);
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    // Without the line feed. Nothing at the end of input or once closed. Lines longer than 4 KiB
    // are cut.
    [[nodiscard]] boost::asio::awaitable<std::optional<std::string>> read_line();

    static void say(std::string_view text);

    // Ends the line that is being waited for, and all later ones.
    void close();

private:
    [[nodiscard]] std::optional<std::string> take_line();
    [[nodiscard]] bool read_more();

    boost::asio::posix::stream_descriptor input_;
    int flags_;  // Of the terminal, which others use as well: waiting changes them.
    std::string pending_;
    bool has_ended_ = false;
};

}  // namespace gateway::learn
