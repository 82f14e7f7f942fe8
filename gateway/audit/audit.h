#pragma once

// The audit trail of one worker: facts in, JSON lines out. Security events leave at once; the
// record of each exchange leaves in batches. Nothing that goes in can be a secret: ids, cookies,
// bodies and query values have no field here (LOG-002, LOG-003).

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/audit/json_line.h"
#include "gateway/audit/time_text.h"
#include "gateway/audit/writer.h"
#include "policy/base/time.h"
#include "policy/finding.h"
#include "policy/http/network.h"

namespace gateway {

// Who, where and what; empty when unknown. Views are used within the call only.
struct AuditContext {
    policy::Instant time{};
    std::string_view request_id;
    std::string_view session;  // The handle.
    std::string_view user;
    const policy::IpAddress* client = nullptr;
    const policy::IpAddress* peer = nullptr;  // The proxy that spoke for the client, if one did.
    std::string_view network;  // Set by a finding that names its own; else that of the client.
    std::string_view host;
    std::string_view route;
    std::string_view rule;
    std::string_view method;
    std::string_view path;  // Without the query.
};

// How an exchange ended.
struct ExchangeOutcome {
    int status = 0;  // 0: nothing was answered.
    policy::Reason reason = policy::Reason::None;
    std::int64_t duration_us = 0;
    std::int64_t backend_us = 0;  // Until the backend's head; 0 when it was not asked.
    bool is_cut_off = false;      // The answer began and did not come to its end.
};

class Audit {
public:
    // `networks` says how client addresses are grouped. `writer` outlives this.
    Audit(AuditWriter& writer, policy::PrefixLengths networks)
        : writer_(writer), networks_(networks) {}
    ~Audit() { flush(); }
    Audit(const Audit&) = delete;
    Audit& operator=(const Audit&) = delete;

    void report(const AuditContext& context, const policy::Finding& finding);
    void report(const AuditContext& context, const policy::Findings& findings);

    // The one record of an exchange.
    void close(const AuditContext& context, const ExchangeOutcome& outcome);

    void flush();
    [[nodiscard]] bool has_lines() const { return !lines_.text().empty(); }

private:
    void begin(JsonLine& line, policy::Event event, const AuditContext& context);
    void add_client(JsonLine& line, const AuditContext& context);

    AuditWriter& writer_;
    policy::PrefixLengths networks_;
    LineBuffer lines_;
    TimeText time_text_;
    policy::IpAddress last_client_;  // Rendering an address costs more than comparing it.
    std::string client_text_;
    std::string network_text_;
};

// A line about the process itself, for the writer to take as it is.
[[nodiscard]] std::string process_line(policy::Event event, policy::Instant time,
                                       std::string_view detail_name, std::string_view detail);

}  // namespace gateway
