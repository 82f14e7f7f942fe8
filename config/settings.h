#pragma once

// Settings: the policy file, read, checked and frozen. Only the wiring sees the whole tree; every
// part belongs to whoever obeys it.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/complaint.h"
#include "policy/backend.h"
#include "policy/base/secret.h"
#include "policy/http/forwarded.h"
#include "policy/http/head_reader.h"
#include "policy/login_rule.h"
#include "policy/route.h"
#include "session/attempts.h"
#include "session/keyring.h"
#include "session/manager.h"
#include "session/memory_store.h"
#include "session/redis/settings.h"
#include "session/sealed_store.h"
#include "session/shared_store.h"
#include "session/sql/settings.h"

namespace config {

struct TlsSettings {
    std::filesystem::path certificate;  // PEM chain, leaf first.
    std::filesystem::path key;          // PEM; refused when group or others may read it.
};

struct ListenerSettings {
    std::string host;        // IP address to bind.
    std::uint16_t port = 0;  // 0 takes a free one.
    TlsSettings tls;
    bool expects_proxy_header = false;  // Each connection begins with the PROXY protocol.
};

// How long a peer may take and how much it may send (HTP-007).
struct ConnectionLimits {
    policy::HeadLimits head;
    std::size_t connections = 10'000;  // Per worker.
    policy::Duration handshake_timeout = std::chrono::seconds(10);
    policy::Duration head_timeout = std::chrono::seconds(10);
    policy::Duration keep_alive_timeout = std::chrono::seconds(60);
    policy::Duration body_timeout = std::chrono::seconds(30);   // Between two reads or writes.
    policy::Duration drain_timeout = std::chrono::seconds(30);  // For exchanges at shutdown.
};

struct AuditSettings {
    std::optional<std::filesystem::path> file;  // Nothing: standard output.
};

// An `insecure_*` key that the policy uses: worth a line in the log at each start.
struct Weakening {
    std::string key;
    std::string reason;
};

// An assurance level of NIST SP 800-63B-4 that the limits are held against (LIF-003).
enum class Assurance : std::uint8_t { None, Aal1, Aal2, Aal3 };

struct AssuranceSettings {
    Assurance level = Assurance::None;
    std::optional<std::string> deviation;  // Why the policy keeps sessions longer than that.
};

struct SealedSettings {
    session::SealedLimits limits;
    std::optional<std::string> survives_restart;  // The reason why ends before it are forgotten.
};

struct Settings {
    std::filesystem::path source;
    std::vector<ListenerSettings> listeners;
    policy::TrustedProxies trusted_proxies;
    ConnectionLimits limits;
    unsigned workers = 0;  // 0: one per processor.
    session::ManagerSettings session;
    std::vector<session::CookieKey> cookie_keys;
    session::MemoryLimits memory;
    std::optional<SealedSettings> sealed;            // The store is the client's cookie, or:
    std::optional<session::redis::Settings> redis;   // It is Redis, or:
    std::optional<session::sql::Settings> sql;       // It is a database. Nothing: memory.
    session::SharedSettings shared;                  // Of a store outside the process.
    std::string logout_path = "/.sallyport/logout";  // Our own; empty: none.
    std::vector<std::string> path_parameters{"jsessionid"};  // Lower case.
    session::AttemptLimits attempts;
    std::vector<std::shared_ptr<const policy::Backend>> backends;
    policy::RouteTable routes;
    std::vector<std::string> identity_names;  // Of all routes: reserved everywhere.
    AuditSettings audit;
    std::vector<Weakening> weakenings;
    AssuranceSettings assurance;
    Complaints warnings;  // What is allowed, and worth a look.
    std::optional<std::filesystem::path> admin_socket;
};

}  // namespace config
