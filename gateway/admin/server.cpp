#include "gateway/admin/server.h"

#include <array>
#include <utility>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/admin/answer.h"

namespace gateway::admin {
namespace {

using boost::system::error_code;
using policy::Event;
using policy::Reason;
using Protocol = boost::asio::local::stream_protocol;

constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kMostConversations = 8;
constexpr auto kPatience = std::chrono::seconds(10);

tl::unexpected<policy::Error> fault(const std::filesystem::path& file, const std::string& why) {
    return policy::fail(Reason::Internal, "admin socket " + file.string() + ": " + why);
}

// Nobody but us may be asked to make room.
policy::Result<void> remove_stale(const std::filesystem::path& file) {
    struct stat found {};
    if (::lstat(file.c_str(), &found) != 0) return policy::ok();
    if (!S_ISSOCK(found.st_mode) || found.st_uid != ::geteuid())
        return fault(file, "there is something else of that name");
    boost::asio::io_context loop;
    Protocol::socket probe(loop);
    error_code failed;
    probe.connect(Protocol::endpoint(file.string()), failed);
    if (!failed) return fault(file, "somebody answers there already");
    ::unlink(file.c_str());
    return policy::ok();
}

// `ada (uid 1000, pid 4711)`; nothing for those who may not ask.
std::optional<std::string> actor_of(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
    if (peer.uid != 0 && peer.uid != ::geteuid()) return std::nullopt;
    std::array<char, 4096> room{};
    passwd entry{};
    passwd* found = nullptr;
    ::getpwuid_r(peer.uid, &entry, room.data(), room.size(), &found);
    return std::string(found ? found->pw_name : "?") + " (uid " + std::to_string(peer.uid) +
           ", pid " + std::to_string(peer.pid) + ")";
}

}  // namespace

// One command and its answer, under one deadline.
class Server::Conversation : public std::enable_shared_from_this<Conversation> {
public:
    Conversation(Server& server, Protocol::socket socket, std::string actor)
        : server_(server),
          socket_(std::move(socket)),
          deadline_(server.loop_),
          actor_(std::move(actor)) {
        ++server_.conversations_;
    }
    ~Conversation() { --server_.conversations_; }
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    void begin() {
        deadline_.expires_after(kPatience);
        deadline_.async_wait([self = shared_from_this()](const error_code& cancelled) {
            if (!cancelled) self->give_up();
        });
        boost::asio::async_read_until(
            socket_, boost::asio::dynamic_buffer(line_, kLongestLine), '\n',
            [self = shared_from_this()](const error_code& failed, std::size_t size) {
                if (failed) return self->give_up();
                self->line_.resize(size - 1);
                session::spawn(answer(self));
            });
    }

private:
    static session::Task<void> answer(std::shared_ptr<Conversation> self) {
        self->text_ = co_await self->server_.obey(std::move(self->line_), self->actor_);
        boost::asio::async_write(self->socket_, boost::asio::buffer(self->text_),
                                 [self](const error_code&, std::size_t) { self->give_up(); });
    }

    void give_up() {
        error_code ignored;
        deadline_.cancel();
        socket_.close(ignored);
    }

    Server& server_;
    Protocol::socket socket_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock> deadline_;
    std::string actor_;
    std::string line_;
    std::string text_;
};

Server::Server(boost::asio::io_context& loop, std::filesystem::path file,
               session::Directory& directory, Audit& audit, const session::Clock& clock)
    : loop_(loop),
      file_(std::move(file)),
      directory_(directory),
      audit_(audit),
      clock_(clock),
      acceptor_(loop) {}

Server::~Server() {
    if (is_ours_) ::unlink(file_.c_str());
}

policy::Result<std::unique_ptr<Server>> Server::open(boost::asio::io_context& loop,
                                                     std::filesystem::path file,
                                                     session::Directory& directory, Audit& audit,
                                                     const session::Clock& clock) {
    std::unique_ptr<Server> server(new Server(loop, std::move(file), directory, audit, clock));
    const auto listening = server->listen();
    if (!listening) return tl::unexpected(listening.error());
    server->accept_next();
    return server;
}

policy::Result<void> Server::listen() {
    const auto free = remove_stale(file_);
    if (!free) return free;
    error_code failed;
    acceptor_.open(Protocol(), failed);
    const auto before = ::umask(0177);  // Nobody else, not even for a moment.
    if (!failed) acceptor_.bind(Protocol::endpoint(file_.string()), failed);
    ::umask(before);
    if (!failed) is_ours_ = true;
    if (!failed) acceptor_.listen(boost::asio::socket_base::max_listen_connections, failed);
    if (failed) return fault(file_, failed.message());
    return policy::ok();
}

void Server::accept_next() {
    acceptor_.async_accept([this](const error_code& failed, Protocol::socket socket) {
        if (failed == boost::asio::error::operation_aborted) return;
        if (!failed) accepted(std::move(socket));
        accept_next();
    });
}

void Server::accepted(Protocol::socket socket) {
    auto actor = actor_of(socket.native_handle());
    if (!actor) {
        AuditContext context;
        context.time = clock_.now();
        audit_.report(context, policy::Finding{Event::AuthzFail, Reason::AdminRefused, {}, {}});
        return;
    }
    if (conversations_ >= kMostConversations) return;
    std::make_shared<Conversation>(*this, std::move(socket), std::move(*actor))->begin();
}

void Server::close() {
    error_code ignored;
    acceptor_.close(ignored);
}

// The first line is `ok`, or `none`, or `error` and a sentence; what follows is for the reader.
session::Task<std::string> Server::obey(std::string line, std::string actor) {
    const auto now = clock_.now();
    const auto command = parse_command(line, now);
    if (!command) co_return "error " + command.error().context + "\n";
    const bool revokes = command->verb == Command::Verb::Revoke;
    const auto mode = revokes ? command->mode : session::Directory::Mode::Rehearsal;
    const auto done = co_await directory_.revoke(command->selection, mode, command->most);
    if (!done) co_return "error the store cannot be reached\n";
    report(*command, *done, actor);

    std::string text = done->sessions == 0 ? "none\n" : "ok\n";
    if (revokes) text += describe(*done, *command);
    if (!revokes || done->sessions > 0) text += describe(done->first, command->format, now);
    co_return text;
}

void Server::report(const Command& command, const session::Revoked& done,
                    const std::string& actor) {
    static constexpr std::array<std::string_view, 3> kVerbs{"list", "show", "revoke"};
    AuditContext context;
    context.time = clock_.now();
    const bool is_revoked =
        command.verb == Command::Verb::Revoke && command.mode == session::Directory::Mode::ForReal;
    policy::Finding finding{Event::AuthzAdmin, Reason::None, {}, {}};
    auto& arguments = finding.arguments;
    arguments.emplace_back("actor", actor);
    arguments.emplace_back("action", kVerbs[static_cast<std::size_t>(command.verb)]);
    arguments.emplace_back("selection", command.asked);
    if (command.verb == Command::Verb::Revoke)
        arguments.emplace_back("dry_run", is_revoked ? "no" : "yes");
    arguments.emplace_back("sessions_before", std::to_string(done.sessions));
    arguments.emplace_back("sessions_after", std::to_string(is_revoked ? 0 : done.sessions));
    if (!command.reason.empty()) arguments.emplace_back("why", command.reason);
    audit_.report(context, finding);
    if (!is_revoked) return;
    for (const auto& each : done.first) {
        policy::Finding revoked{Event::SessionRevoked, Reason::Revoked, {}, {}};
        revoked.arguments.emplace_back("session", each.handle.text());
        if (each.user) revoked.arguments.emplace_back("user", each.user->text());
        audit_.report(context, revoked);
    }
}

}  // namespace gateway::admin
