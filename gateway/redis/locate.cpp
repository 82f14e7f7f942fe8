#include "gateway/redis/locate.h"

#include <charconv>
#include <memory>
#include <utility>

#include "session/redis/command.h"

namespace gateway::redis {
namespace {

using policy::Reason;
using session::redis::format;
using session::redis::Kind;

// Asks sentinels, the one first that knew it last time.
class Sentinels {
public:
    Sentinels(boost::asio::io_context& loop, const Dialling& dialling)
        : loop_(loop), dialling_(dialling), addresses_(dialling.settings.addresses) {}

    [[nodiscard]] Task<policy::Result<Address>> primary() {
        policy::Error why{Reason::StoreUnavailable, "redis: no sentinel"};
        for (std::size_t i = 0; i < addresses_.size(); ++i) {
            const auto at = addresses_[i];
            auto found = co_await ask(at);
            if (found) {
                std::swap(addresses_.front(), addresses_[i]);
                co_return found;
            }
            why = std::move(found.error());
        }
        co_return tl::unexpected(why);
    }

private:
    [[nodiscard]] Task<policy::Result<Address>> ask(Address at) {
        const auto& settings = dialling_.settings;
        const auto wire = std::make_shared<Wire>(loop_, dialling_.tls.get());
        wire->limit(settings.timeout);
        const auto opened = co_await wire->open(at);
        if (!opened) co_return tl::unexpected(opened.error());
        std::vector<std::string> commands;
        add_login(settings.sentinel_account, commands);
        commands.push_back(format({"SENTINEL", "get-master-addr-by-name", settings.primary}));
        policy::Result<Reply> reply = Reply{};
        for (const auto& command : commands) {
            const auto written = co_await wire->write(command);
            if (!written) co_return tl::unexpected(written.error());
            reply = co_await wire->read();
            if (!reply || reply->is_error()) break;
        }
        wire->close("has answered");
        if (!reply) co_return tl::unexpected(reply.error());
        co_return address_in(*reply, at);
    }

    [[nodiscard]] policy::Result<Address> address_in(const Reply& reply, const Address& at) const {
        const auto fault = [&](const std::string& why) {
            return policy::fail(Reason::StoreUnavailable,
                                "redis sentinel " + at.text() + ": " + why);
        };
        if (reply.is_error()) return fault(reply.text);
        if (!reply.is_list_of(2)) return fault("knows no " + dialling_.settings.primary);
        Address address{reply.items[0].text, 0};
        const auto& port = reply.items[1].text;
        const auto [end, failed] =
            std::from_chars(port.data(), port.data() + port.size(), address.port);
        if (failed != std::errc{} || address.port == 0 || *end != '\0')
            return fault("says something else than an address");
        return address;
    }

    boost::asio::io_context& loop_;
    const Dialling& dialling_;
    std::vector<Address> addresses_;
};

[[nodiscard]] Task<policy::Result<Address>> ready(Address address) {
    co_return address;
}

}  // namespace

Link::Locate locator(boost::asio::io_context& loop, const Dialling& dialling) {
    if (dialling.settings.kind == Kind::Sentinel) {
        return [sentinels = std::make_shared<Sentinels>(loop, dialling)] {
            return sentinels->primary();
        };
    }
    return [&dialling, turn = std::size_t{0}]() mutable {
        const auto& addresses = dialling.settings.addresses;
        return ready(addresses[turn++ % addresses.size()]);
    };
}

Role role_of(const session::redis::Settings& settings) {
    return settings.kind == Kind::Sentinel ? Role::Primary : Role::Any;
}

}  // namespace gateway::redis
