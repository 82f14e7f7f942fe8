#include "gateway/audit/audit.h"

namespace gateway {
namespace {

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

std::string_view text_of(policy::Outcome outcome) {
    switch (outcome) {
        case policy::Outcome::Success:
            return "success";
        case policy::Outcome::Failure:
            return "failure";
        case policy::Outcome::Denied:
            return "denied";
        case policy::Outcome::Unknown:
            break;
    }
    return "unknown";
}

std::string_view outcome_of(const ExchangeOutcome& outcome) {
    if (outcome.status == 0) return "aborted";
    if (outcome.is_cut_off) return policy::status_of(outcome.reason) >= 500 ? "failure" : "aborted";
    if (outcome.status >= 500) return "failure";
    const bool refused = outcome.status >= 400 || outcome.reason != policy::Reason::None;
    return refused ? "denied" : "success";
}

// A finding may know better than the exchange which session or network it is about.
AuditContext corrected(AuditContext context, const policy::Finding& finding) {
    for (const auto& [name, value] : finding.arguments) {
        if (name == "session") context.session = value;
        if (name == "user") context.user = value;
        if (name == "network") context.network = value;
    }
    return context;
}

bool is_context(std::string_view name) {
    return name == "session" || name == "user" || name == "network";
}

// Leaves the field out when there is nothing to say.
template <FieldName kName>
void add_if(JsonLine& line, std::string_view text) {
    if (!text.empty()) line.text<kName>(text);
}

void add_head(JsonLine& line, policy::Event event, std::string_view time) {
    const auto& row = policy::describe(event);
    line.word<"time">(time);
    line.word<"event">(row.name);
    line.word<"level">(text_of(row.level));
}

}  // namespace

void Audit::begin(JsonLine& line, policy::Event event, const AuditContext& context) {
    add_head(line, event, time_text_.of(context.time));
    add_if<"request_id">(line, context.request_id);
    add_if<"session">(line, context.session);
    add_if<"user">(line, context.user);
    if (context.client) add_client(line, context);
    if (context.peer) line.word<"peer">(context.peer->text());
    add_if<"host">(line, context.host);
    add_if<"route">(line, context.route);
    add_if<"rule">(line, context.rule);
    add_if<"method">(line, context.method);
    add_if<"path">(line, context.path);
}

void Audit::add_client(JsonLine& line, const AuditContext& context) {
    if (client_text_.empty() || !(*context.client == last_client_)) {
        last_client_ = *context.client;
        client_text_ = last_client_.text();
        network_text_ = network_of(last_client_, networks_).text();
    }
    line.word<"client">(client_text_);
    if (!context.network.empty()) return line.text<"network">(context.network);
    line.word<"network">(network_text_);
}

void Audit::report(const AuditContext& context, const policy::Finding& finding) {
    JsonLine line(lines_);
    begin(line, finding.event, corrected(context, finding));
    line.word<"outcome">(text_of(policy::describe(finding.event).outcome));
    if (finding.reason != policy::Reason::None) line.word<"reason">(policy::word(finding.reason));
    for (const auto& [name, value] : finding.arguments) {
        if (!is_context(name)) line.text(name, value);
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
    line.word<"outcome">(outcome_of(outcome));
    if (outcome.reason != policy::Reason::None) line.word<"reason">(policy::word(outcome.reason));
    if (outcome.status != 0) line.number<"status">(outcome.status);
    line.number<"duration_us">(outcome.duration_us);
    if (outcome.backend_us > 0) line.number<"backend_us">(outcome.backend_us);
    line.end();
    if (lines_.text().size() >= kBatch) flush();
}

void Audit::flush() {
    if (!has_lines()) return;
    writer_.hand_over(lines_.text());
    lines_.clear();
}

std::string process_line(policy::Event event, policy::Instant time, std::string_view detail_name,
                         std::string_view detail) {
    LineBuffer out;
    JsonLine line(out);
    add_head(line, event, TimeText().of(time));
    line.word<"outcome">(text_of(policy::describe(event).outcome));
    if (!detail.empty()) line.text(detail_name, detail);
    line.end();
    return std::string(out.text());
}

}  // namespace gateway
