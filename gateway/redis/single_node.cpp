#include "gateway/redis/single_node.h"

#include "gateway/redis/locate.h"
#include "session/redis/command.h"

namespace gateway::redis {

SteadyTime deadline_of(const session::redis::Settings& settings) {
    return std::chrono::steady_clock::now() + settings.timeout;
}

std::string wait_command(const session::redis::Settings& settings, unsigned replicas) {
    // The server gives up long before we do: the connection stays of use, and others wait for it.
    const auto patience = std::max(policy::Duration(1), settings.timeout / 4);
    return session::redis::format(
        {"WAIT", std::to_string(replicas), std::to_string(patience.count())});
}

policy::Result<void> enough(const policy::Result<Reply>& reply, unsigned replicas) {
    if (!reply) return tl::unexpected(reply.error());
    if (reply->kind == Reply::Kind::Integer && reply->integer >= std::int64_t{replicas})
        return policy::ok();
    return policy::fail(policy::Reason::StoreUnavailable, "redis: too few replicas have it");
}

SingleNode::SingleNode(boost::asio::io_context& loop, const Dialling& dialling)
    : dialling_(dialling),
      link_(loop, dialling, locator(loop, dialling), role_of(dialling.settings)) {}

Task<policy::Result<Reply>> SingleNode::ask(std::string_view, std::string command) {
    return link_.ask(std::move(command), deadline());
}

void SingleNode::ask_sometime(std::string_view, std::string command) {
    link_.ask_sometime(std::move(command));
}

SteadyTime SingleNode::deadline() const {
    return deadline_of(dialling_.settings);
}

Task<policy::Result<void>> SingleNode::replicate(std::string_view, unsigned replicas,
                                                 SteadyTime deadline) {
    const auto reply = co_await link_.ask(wait_command(dialling_.settings, replicas), deadline);
    co_return enough(reply, replicas);
}

}  // namespace gateway::redis
