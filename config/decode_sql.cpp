#include "config/decode_sql.h"

#include "config/decode_redis.h"
#include "config/rows.h"

namespace config {

namespace {

using session::sql::Engine;

void decode_sqlite(const Value& value, Draft& draft) {
    auto& sql = *draft.settings.sql;
    sql.engine = Engine::Sqlite;
    value.read_keys({{"file", file_into(sql.file), Need::Required}});
}

void decode_server(const Value& value, Engine engine, Draft& draft) {
    auto& sql = *draft.settings.sql;
    sql.engine = engine;
    value.read_keys({
        {"host", text_into(sql.host)},
        {"port", count_into(sql.port, {1, 65535})},
        {"socket", file_into(sql.socket)},
        {"database", text_into(sql.database), Need::Required},
        {"user", text_into(sql.user), Need::Required},
        {"password_file",
         [&draft](const Value& part) {
             if (auto file = part.file()) draft.sql_password = {std::move(*file), part.place()};
         }},
        {"ca",
         [&](const Value& part) {
             const auto file = part.file();
             if (!file) return;
             sql.ca = *file;
             draft.certificates.push_back({*file, part.place()});
         }},
        {"insecure_plaintext", reason_into(draft.sql_plaintext)},
    });
    if (value.is_map() && sql.host.empty() == sql.socket.empty())
        value.complain("needs either a `host` or a `socket`");
}

}  // namespace

void decode_sql(const Value& value, Draft& draft) {
    auto& sql = draft.settings.sql.emplace();
    const auto server = [&draft](Engine engine) {
        return [&draft, engine](const Value& part) { decode_server(part, engine, draft); };
    };
    std::vector<Key> keys{
        {"sqlite", [&draft](const Value& part) { decode_sqlite(part, draft); }},
        {"postgresql", server(Engine::Postgresql)},
        {"mysql", server(Engine::Mysql)},
        {"connections", count_into(sql.connections, {1, 256})},
        {"timeout",
         duration_into(sql.timeout, {std::chrono::milliseconds(50), std::chrono::minutes(1)})},
        {"max_anonymous_per_network", count_into(sql.strangers_per_network, {1, 100'000'000})},
    };
    for (auto& key : outage_keys(draft.settings.shared)) keys.push_back(std::move(key));
    value.read_keys(keys);
    if (!value.is_map()) return;
    const auto has = [&](std::string_view key) { return value.find(key).has_value(); };
    if (int{has("sqlite")} + int{has("postgresql")} + int{has("mysql")} != 1)
        value.complain("must have one of `sqlite`, `postgresql` and `mysql`");
}

}  // namespace config
