#include "config/redis_url.h"

#include <charconv>
#include <optional>
#include <string>

#include "policy/http/authority.h"

namespace config {

namespace {

using session::redis::Address;

constexpr std::uint16_t kDefaultPort = 6379;
constexpr std::string_view kForm =
    "must be `redis://host:port/database`, `rediss://host:port/database` or `unix:///path`";

std::optional<Address> parse_address(std::string_view text, std::uint16_t port) {
    const auto authority = policy::parse_authority(text);
    if (!authority) return std::nullopt;
    auto host = authority->host.text();
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    Address address{std::move(host), authority->port.value_or(port)};
    if (address.port == 0) return std::nullopt;
    return address;
}

// Takes a prefix off, if `text` begins with it.
bool skip(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

}  // namespace

std::optional<Address> parse_redis_address(std::string_view text) {
    return parse_address(text, 0);
}

tl::expected<RedisUrl, std::string> parse_redis_url(std::string_view url) {
    RedisUrl read;
    if (skip(url, "unix://")) {
        if (!url.starts_with('/')) return tl::unexpected(std::string(kForm));
        read.address.host = url;
        return read;
    }
    read.is_tls = skip(url, "rediss://");
    if (!read.is_tls && !skip(url, "redis://")) return tl::unexpected(std::string(kForm));
    const auto slash = url.find('/');
    const auto server = url.substr(0, slash);
    if (server.find('@') != std::string_view::npos)
        return tl::unexpected(std::string(
            "must not hold an account: use `user`, and `password_file` for the password"));
    auto address = parse_address(server, kDefaultPort);
    if (!address) return tl::unexpected(std::string(kForm));
    read.address = std::move(*address);
    if (slash == std::string_view::npos || slash + 1 == url.size()) return read;
    const auto database = url.substr(slash + 1);
    const char* const end = database.data() + database.size();
    const auto [rest, failed] = std::from_chars(database.data(), end, read.database);
    if (failed != std::errc{} || rest != end) return tl::unexpected(std::string(kForm));
    return read;
}

}  // namespace config
