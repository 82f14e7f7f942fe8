#pragma once

// Which database sessions are kept in, and how it is reached.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "policy/base/secret.h"
#include "policy/base/time.h"

namespace session::sql {

enum class Engine : std::uint8_t { Sqlite, Postgresql, Mysql };

struct Settings {
    Engine engine = Engine::Sqlite;
    std::filesystem::path file;  // Of SQLite; made when it is not there.

    // Of servers: a host and port, or a Unix socket (with PostgreSQL the folder that it is in).
    std::string host;
    std::uint16_t port = 0;  // 0: the usual one.
    std::filesystem::path socket;
    std::string database;
    std::string user;
    std::shared_ptr<const policy::Secret> password;  // Null: none.
    std::filesystem::path ca;                        // PEM; set: TLS, verified against it.

    unsigned connections = 4;                            // As many questions are under way at once.
    policy::Duration timeout = std::chrono::seconds(1);  // Of one question, waiting included.
    std::size_t strangers_per_network = 2000;
};

}  // namespace session::sql
