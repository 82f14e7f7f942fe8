#include "gateway/admin/answer.h"

#include <algorithm>
#include <array>
#include <vector>

#include "config/units.h"
#include "gateway/audit/json_line.h"
#include "gateway/audit/time_text.h"

namespace gateway::admin {
namespace {

constexpr std::size_t kColumns = 9;
using Row = std::array<std::string, kColumns>;

std::string escaped(std::string_view text) {
    std::string out;
    append_escaped(out, text);
    return out;
}

std::string joined(std::span<const std::string> words) {
    std::string text;
    for (const auto& word : words) text.append(text.empty() ? "" : ",").append(word);
    return text;
}

std::string whole_seconds(policy::Duration duration) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
    return config::duration_text(std::max(seconds, std::chrono::seconds(0)));
}

Row row_of(const session::Summary& each, policy::Instant now) {
    const auto begun = each.authenticated_at.value_or(each.created);
    return {each.handle.text(),
            each.user ? escaped(each.user->text()) : "-",
            each.login.empty() ? "-" : each.login.text(),
            each.groups.empty() ? "-" : escaped(joined(each.groups)),
            whole_seconds(now - begun),
            whole_seconds(now - each.last_seen),
            std::to_string(each.generation),
            each.last.text(),
            each.agent};
}

std::string table(std::span<const session::Summary> sessions, policy::Instant now) {
    std::vector<Row> rows{
        {"SESSION", "USER", "LOGIN", "GROUPS", "AGE", "IDLE", "GENERATION", "FROM", "AGENT"}};
    for (const auto& each : sessions) rows.push_back(row_of(each, now));
    std::array<std::size_t, kColumns> widths{};
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i + 1 < kColumns; ++i)
            text.append(row[i]).append(widths[i] + 2 - row[i].size(), ' ');
        text.append(row.back()).append("\n");
    }
    return text;
}

void add_line(const session::Summary& each, LineBuffer& out) {
    TimeText time;
    JsonLine line(out);
    line.text("session", each.handle.text());
    if (each.user) line.text("user", each.user->text());
    if (!each.login.empty()) line.text("login", each.login.text());
    if (!each.groups.empty()) line.text("groups", joined(each.groups));
    line.text("created", time.of(each.created));
    if (each.authenticated_at) line.text("authenticated_at", time.of(*each.authenticated_at));
    line.text("last_seen", time.of(each.last_seen));
    line.text("expires", time.of(each.expires));
    line.number<"generation">(each.generation);
    line.text("bound", each.bound.text());
    line.text("last", each.last.text());
    line.text("agent", each.agent);
    line.end();
}

}  // namespace

std::string describe(std::span<const session::Summary> sessions, Command::Format format,
                     policy::Instant now) {
    if (format == Command::Format::Table)
        return sessions.empty() ? "no sessions\n" : table(sessions, now);
    LineBuffer out;
    for (const auto& each : sessions) add_line(each, out);
    return std::string(out.text());
}

std::string describe(const session::Revoked& revoked, const Command& command) {
    const bool is_rehearsal = command.mode == session::Directory::Mode::Rehearsal;
    if (command.format == Command::Format::Json) {
        LineBuffer out;
        JsonLine line(out);
        line.number<"sessions">(static_cast<std::int64_t>(revoked.sessions));
        line.text("dry_run", is_rehearsal ? "yes" : "no");
        line.end();
        return std::string(out.text());
    }
    return std::string(is_rehearsal ? "would revoke " : "revoked ") +
           std::to_string(revoked.sessions) +
           (revoked.sessions == 1 ? " session\n" : " sessions\n");
}

}  // namespace gateway::admin
