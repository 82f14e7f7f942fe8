#pragma once

// Where the sessions are kept in Redis, and how it is spoken to.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/base/secret.h"
#include "policy/base/time.h"

namespace session::redis {

// A server: a host and a port, or, with port 0, the path of a Unix socket.
struct Address {
    std::string host;
    std::uint16_t port = 0;

    [[nodiscard]] bool is_unix() const { return port == 0; }
    [[nodiscard]] std::string text() const {
        if (is_unix()) return host;
        const bool is_v6 = host.find(':') != std::string::npos;
        return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
    }
    auto operator<=>(const Address&) const = default;
};

enum class Kind : std::uint8_t {
    Standalone,  // The first address.
    Sentinel,    // The addresses are those of sentinels.
    Cluster,     // The addresses are those of some of its nodes.
};

// Certificates are always verified.
struct Tls {
    std::filesystem::path ca;  // PEM; empty: the system's.
    std::string server_name;   // Expected in the certificate; empty: the host of the address.
    std::filesystem::path certificate;  // Our own, if the server wants one. PEM chain and key.
    std::filesystem::path key;
};

struct Account {
    std::string user;                                // Empty: the default user.
    std::shared_ptr<const policy::Secret> password;  // Null: none.
};

struct Settings {
    Kind kind = Kind::Standalone;
    std::vector<Address> addresses;
    std::string primary;  // With sentinels: the name of what they watch.
    std::optional<Tls> tls;
    Account account;
    Account sentinel_account;
    unsigned database = 0;
    std::string prefix = "sallyport:";                          // Of all keys and channels.
    policy::Duration timeout = std::chrono::milliseconds(200);  // Of one call.
    unsigned replicas = 0;  // That must have a login or an end before it counts.
    std::size_t strangers_per_network = 2000;
};

}  // namespace session::redis
