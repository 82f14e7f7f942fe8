#pragma once

// The admin interface: a Unix socket for the owner of the process and root, and nobody else
// (ADM-001). One command per connection; each is an event (ADM-003). It runs beside the workers and
// costs them nothing.

#include <filesystem>
#include <memory>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "gateway/admin/command.h"
#include "gateway/audit/audit.h"
#include "session/clock.h"

namespace gateway::admin {

class Server {
public:
    // Everything outlives this. Errors: Internal, when the socket cannot be had; somebody who
    // answers on it is not replaced.
    [[nodiscard]] static policy::Result<std::unique_ptr<Server>> open(boost::asio::io_context& loop,
                                                                      std::filesystem::path file,
                                                                      session::Directory& directory,
                                                                      Audit& audit,
                                                                      const session::Clock& clock);
    // Removes the socket.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void close();

private:
    using Protocol = boost::asio::local::stream_protocol;
    class Conversation;

    Server(boost::asio::io_context& loop, std::filesystem::path file, session::Directory& directory,
           Audit& audit, const session::Clock& clock);
    [[nodiscard]] policy::Result<void> listen();
    void accept_next();
    void accepted(Protocol::socket socket);

    // What is told to the one who asked. `actor` is for the audit.
    [[nodiscard]] session::Task<std::string> obey(std::string line, std::string actor);
    void report(const Command& command, const session::Revoked& done, const std::string& actor);

    boost::asio::io_context& loop_;
    std::filesystem::path file_;
    session::Directory& directory_;
    Audit& audit_;
    const session::Clock& clock_;
    Protocol::acceptor acceptor_;
    bool is_ours_ = false;  // The file.
    std::size_t conversations_ = 0;
};

}  // namespace gateway::admin
