#include "gateway/audit/audit.h"

#include "gateway/audit/time_text.h"

namespace gateway {
namespace {

constexpr std::int64_t kSchema = 1;
constexpr std::size_t kBatch = std::size_t{32} * 1024;

std::string_view text_of(policy::Level level) {
    switch (level) {
        case policy::Level::Info:
            return "info";
        case policy::Level::Warn:
            return "warn";
        case policy::Level::Critical:
            break;
    }
    return "critical";
}

std::string_view outcome_of(const ExchangeOutcome& outcome) {
    if (outcome.status == 0) return "aborted";
    if (outcome.status >= 500) return "failure";
    const bool refused = outcome.status >= 400 || outcome.reason != policy::Reason::None;
    return refused ? "denied" : "success";
}

// A finding may know better than the exchange which session or network it is about.
AuditContext corrected(AuditContext context, const policy::Finding& finding) {
    for (const auto& [name, value] : finding.arguments) {
        if (name == "session") context.session = value;
        if (name == "user") context.user = value;
    }
    return context;
}

bool is_context(std::string_view name) {
    return name == "session" || name == "user" || name == "network";
}

void add_head(JsonLine& line, policy::Event event, policy::Instant time) {
    const auto& row = policy::describe(event);
    line.add("v", kSchema);
    line.add("time", to_text(time));
    line.add("event", row.name);
    line.add("level", text_of(row.level));
}

}  // namespace

void Audit::begin(JsonLine& line, policy::Event event, const AuditContext& context) {
    add_head(line, event, context.time);
    add_context(line, context);
}

void Audit::add_context(JsonLine& line, const AuditContext& context) {
    line.add_if("request_id", context.request_id);
    line.add_if("session", context.session);
    line.add_if("user", context.user);
    if (context.client) {
        if (client_text_.empty() || !(*context.client == last_client_)) {
            last_client_ = *context.client;
            client_text_ = last_client_.text();
            network_text_ = network_of(last_client_, networks_).text();
        }
        line.add("client", client_text_);
        line.add("network", network_text_);
    }
    line.add_if("host", context.host);
    line.add_if("route", context.route);
    line.add_if("rule", context.rule);
    line.add_if("method", context.method);
    line.add_if("path", context.path);
}

void Audit::report(const AuditContext& context, const policy::Finding& finding) {
    JsonLine line(lines_);
    begin(line, finding.event, corrected(context, finding));
    if (finding.reason != policy::Reason::None) line.add("reason", policy::word(finding.reason));
    for (const auto& [name, value] : finding.arguments) {
        if (!is_context(name)) line.add(name, value);
    }
    line.end();
    flush();
}

void Audit::report(const AuditContext& context, const policy::Findings& findings) {
    for (const auto& finding : findings) report(context, finding);
}

void Audit::close(const AuditContext& context, const ExchangeOutcome& outcome) {
    JsonLine line(lines_);
    begin(line, policy::Event::HttpExchange, context);
    line.add("outcome", outcome_of(outcome));
    if (outcome.reason != policy::Reason::None) line.add("reason", policy::word(outcome.reason));
    if (outcome.status != 0) line.add("status", outcome.status);
    line.add("duration_us", outcome.duration_us);
    if (outcome.backend_us > 0) line.add("backend_us", outcome.backend_us);
    line.end();
    if (lines_.size() >= kBatch) flush();
}

void Audit::flush() {
    if (lines_.empty()) return;
    writer_.hand_over(lines_);
    lines_.clear();
}

std::string process_line(policy::Event event, policy::Instant time, std::string_view detail_name,
                         std::string_view detail) {
    std::string out;
    JsonLine line(out);
    add_head(line, event, time);
    line.add_if(detail_name, detail);
    line.end();
    return out;
}

}  // namespace gateway
