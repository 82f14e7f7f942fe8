#include "gateway/redis/greeting.h"

#include "session/redis/command.h"

namespace gateway::redis {
namespace {

using session::redis::format;

}  // namespace

void add_login(const session::redis::Account& account, std::vector<std::string>& commands) {
    if (!account.password) return;
    const auto password = account.password->reveal();
    if (account.user.empty())
        commands.push_back(format({"AUTH", password}));
    else
        commands.push_back(format({"AUTH", account.user, password}));
}

Task<policy::Result<void>> greet(Wire& wire, const session::redis::Settings& settings, Role role,
                                 std::vector<std::string> more) {
    std::vector<std::string> commands;
    add_login(settings.account, commands);
    if (settings.database != 0)
        commands.push_back(format({"SELECT", std::to_string(settings.database)}));
    // A server that accepts connections need not answer: this one must.
    commands.push_back(role == Role::Primary ? format({"ROLE"}) : format({"PING"}));
    const auto own = commands.size();
    commands.insert(commands.end(), more.begin(), more.end());

    std::string bytes;
    for (const auto& each : commands) bytes += each;
    const auto written = co_await wire.write(bytes);
    if (!written) co_return written;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        const auto reply = co_await wire.read();
        if (!reply) co_return tl::unexpected(reply.error());
        const bool is_elsewhere = i >= own && reply->is_error("MOVED");
        if (reply->is_error() && !is_elsewhere) co_return wire.fault(reply->text);
        const bool is_role = role == Role::Primary && i + 1 == own;
        const bool is_primary = !reply->items.empty() && reply->items[0].text == "master";
        if (is_role && !is_primary) co_return wire.fault("is no primary");
    }
    co_return policy::ok();
}

}  // namespace gateway::redis
