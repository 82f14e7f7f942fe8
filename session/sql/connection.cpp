#include "session/sql/connection.h"

#include <array>
#include <filesystem>

#include <fcntl.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include "session/sql/attempt.h"

// As their headers declare them, which want those of the clients besides.
extern "C" soci::backend_factory const* factory_postgresql();
extern "C" soci::backend_factory const* factory_mysql();

namespace session::sql {

namespace {

constexpr std::int64_t kVersion = 1;  // Of the tables.
constexpr std::string_view kLockName = "sallyport-schema";

std::string in_single_quotes(std::string_view value) {
    std::string text("'");
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "'";
}

void add(std::string& text, std::string_view name, std::string_view value) {
    if (!value.empty()) text.append(name).append("=").append(in_single_quotes(value)).append(" ");
}

std::string whole_seconds(policy::Duration duration) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

std::string for_postgresql(const Settings& settings) {
    std::string text;
    add(text, "host", settings.socket.empty() ? settings.host : settings.socket.string());
    if (settings.port != 0) add(text, "port", std::to_string(settings.port));
    add(text, "dbname", settings.database);
    add(text, "user", settings.user);
    if (settings.password) add(text, "password", settings.password->reveal());
    if (!settings.ca.empty()) {
        add(text, "sslmode", "verify-full");
        add(text, "sslrootcert", settings.ca.string());
    }
    add(text, "connect_timeout", whole_seconds(settings.timeout + std::chrono::seconds(1)));
    const auto patience = std::to_string(settings.timeout.count());
    add(text, "tcp_user_timeout", patience);
    add(text, "options", "-c statement_timeout=" + patience + " -c client_min_messages=warning");
    add(text, "application_name", "sallyport");
    return text;
}

std::string for_mysql(const Settings& settings) {
    std::string text;
    if (settings.socket.empty()) {
        add(text, "host", settings.host);
        if (settings.port != 0) text.append("port=" + std::to_string(settings.port) + " ");
    } else {
        add(text, "unix_socket", settings.socket.string());
    }
    add(text, "dbname", settings.database);
    add(text, "user", settings.user);
    if (settings.password) add(text, "password", settings.password->reveal());
    add(text, "sslca", settings.ca.string());
    const auto patience = whole_seconds(settings.timeout);
    for (const std::string_view name : {"connect_timeout", "read_timeout", "write_timeout"})
        text.append(name).append("=").append(patience).append(" ");
    return text;
}

// Made by us, so that nobody else may read it.
void claim_file(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) throw soci::soci_error(file.string() + " cannot be written");
    ::close(descriptor);
}

std::unique_ptr<soci::session> connect(const Settings& settings) {
    switch (settings.engine) {
        case Engine::Postgresql:
            return std::make_unique<soci::session>(*factory_postgresql(), for_postgresql(settings));
        case Engine::Mysql:
            return std::make_unique<soci::session>(*factory_mysql(), for_mysql(settings));
        case Engine::Sqlite:
            break;
    }
    claim_file(settings.file);
    const auto file = settings.file.string();
    if (file.find('"') != std::string::npos)
        throw soci::soci_error("a file name with a quotation mark is not supported");
    auto opened = std::make_unique<soci::session>(soci::sqlite3, "db=\"" + file + "\"");
    *opened << "PRAGMA busy_timeout = " + std::to_string(settings.timeout.count());
    *opened << "PRAGMA journal_mode = WAL";
    *opened << "PRAGMA synchronous = FULL";
    return opened;
}

std::string with_types(std::string text, Engine engine) {
    const auto replace = [&text](std::string_view mark, std::string_view type) {
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
            text.replace(at, mark.size(), type);
    };
    replace("TEXT_", engine == Engine::Mysql ? "MEDIUMTEXT" : "TEXT");
    replace("SERIAL_", engine == Engine::Postgresql ? "BIGSERIAL PRIMARY KEY"
                       : engine == Engine::Mysql    ? "BIGINT AUTO_INCREMENT PRIMARY KEY"
                                                    : "INTEGER PRIMARY KEY AUTOINCREMENT");
    return text;
}

// `why` is empty for the living. `ends` is when a session is over, or its tombstone.
constexpr std::array kTables{
    "CREATE TABLE IF NOT EXISTS sallyport_state (name VARCHAR(32) PRIMARY KEY, value BIGINT "
    "NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sallyport_sessions (k VARCHAR(32) PRIMARY KEY, v BIGINT NOT NULL, "
    "expires BIGINT NOT NULL, idle BIGINT NOT NULL, last_seen BIGINT NOT NULL, "
    "begun BIGINT NOT NULL, ends BIGINT NOT NULL, record TEXT_ NOT NULL, summary TEXT_ NOT NULL, "
    "usr VARCHAR(64) NOT NULL, network VARCHAR(64) NOT NULL, why VARCHAR(64) NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sallyport_notices (id SERIAL_, at BIGINT NOT NULL, "
    "notice VARCHAR(160) NOT NULL)"};
constexpr std::array kIndexes{"CREATE INDEX sallyport_by_user ON sallyport_sessions (usr)",
                              "CREATE INDEX sallyport_by_network ON sallyport_sessions (network)",
                              "CREATE INDEX sallyport_by_end ON sallyport_sessions (why, ends)"};

std::int64_t version_of(soci::session& database) {
    long long version = 0;
    soci::indicator is_there = soci::i_null;
    database << "SELECT value FROM sallyport_state WHERE name = 'schema'",
        soci::into(version, is_there);
    return database.got_data() && is_there == soci::i_ok ? version : 0;
}

void create_tables(soci::session& database, Engine engine) {
    for (const auto* table : kTables) database << with_types(table, engine);
    const auto version = version_of(database);
    if (version > kVersion)
        throw soci::soci_error("the tables are of a later version of this program");
    if (version == kVersion) return;
    for (const auto* index : kIndexes) database << index;
    database << "INSERT INTO sallyport_state (name, value) VALUES ('epoch', 0)";
    database << "INSERT INTO sallyport_state (name, value) VALUES ('schema', " +
                    std::to_string(kVersion) + ")";
}

// One gateway at a time.
void prepare(soci::session& database, Engine engine) {
    int got = 0;
    const std::string name(kLockName);
    switch (engine) {
        case Engine::Sqlite:
            database << "BEGIN IMMEDIATE";
            create_tables(database, engine);
            database << "COMMIT";
            return;
        case Engine::Postgresql:
            database << "BEGIN";
            database << "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtext('" + name + "'))) l",
                soci::into(got);
            create_tables(database, engine);
            database << "COMMIT";
            return;
        case Engine::Mysql:
            database << "SELECT GET_LOCK('" + name + "', 10)", soci::into(got);
            create_tables(database, engine);
            database << "SELECT RELEASE_LOCK('" + name + "')", soci::into(got);
            return;
    }
}

}  // namespace

policy::Result<std::unique_ptr<soci::session>> open(const Settings& settings) {
    return attempt([&] {
        auto opened = connect(settings);
        prepare(*opened, settings.engine);
        return opened;
    });
}

InsertNew insert_new(Engine engine) {
    if (engine == Engine::Mysql) return {"INSERT IGNORE INTO ", ""};
    return {"INSERT INTO ", " ON CONFLICT DO NOTHING"};
}

}  // namespace session::sql
