#include "gateway/admin/command.h"

#include <array>
#include <optional>
#include <utility>

#include "config/units.h"
#include "policy/base/text.h"

namespace gateway::admin {
namespace {

using policy::Reason;

tl::unexpected<policy::Error> fault(std::string sentence) {
    return policy::fail(Reason::BadRequestLine, std::move(sentence));
}

std::optional<Command::Verb> verb_of(std::string_view word) {
    if (word == "list") return Command::Verb::List;
    if (word == "show") return Command::Verb::Show;
    if (word == "revoke") return Command::Verb::Revoke;
    return std::nullopt;
}

// `192.0.2.0/24`, or an address alone.
std::optional<policy::Network> parse_network(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = policy::IpAddress::parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    const unsigned most = address->is_v4() ? 32 : 128;
    if (slash == std::string_view::npos) return policy::Network{*address, most};
    const auto bits = policy::parse_decimal(text.substr(slash + 1));
    if (!bits || *bits > most) return std::nullopt;
    const auto kept = static_cast<unsigned>(*bits);
    return policy::Network{address->masked(kept), kept};
}

// Takes `count` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t count) {
    const auto number = policy::parse_decimal(text.substr(0, count));
    if (!number || text.size() < count) return std::nullopt;
    text.remove_prefix(count);
    return static_cast<int>(*number);
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<policy::Instant> parse_date(std::string_view text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day || !take(text, 'T')) return std::nullopt;
    const auto hour = take_number(text, 2);
    if (!hour || !take(text, ':')) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute || !take(text, ':')) return std::nullopt;
    const auto second = take_number(text, 2);
    if (!second || text != "Z" || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;

    using namespace std::chrono;
    const year_month_day date{std::chrono::year(*year),
                              std::chrono::month(static_cast<unsigned>(*month)),
                              std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return policy::Instant(sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second));
}

// Puts one parameter into the command; false when its value makes no sense.
bool apply(std::string_view key, const std::string& value, policy::Instant now, Command& command) {
    auto& selection = command.selection;
    if (key == "session") {
        selection.handle = session::Handle(value);
        return session::SessionKey::parse(*selection.handle).has_value();
    }
    if (key == "user") {
        selection.user = policy::UserName(value);
        return !value.empty();
    }
    if (key == "network") return (selection.network = parse_network(value)).has_value();
    if (key == "created_before")
        return (selection.created_before = parse_moment(value, now)).has_value();
    if (key == "limit") {
        const auto most = policy::parse_decimal(value);
        if (!most || *most > 100'000) return false;
        command.most = *most;
        return true;
    }
    if (key == "reason") {
        command.reason = value.substr(0, 256);
        return true;
    }
    if (key == "dry_run") command.mode = session::Directory::Mode::Rehearsal;
    if (key == "json") command.format = Command::Format::Json;
    return (key == "dry_run" || key == "json" || key == "everything") && value == "1";
}

bool is_selection(std::string_view key) {
    return key == "session" || key == "user" || key == "network" || key == "created_before" ||
           key == "everything";
}

}  // namespace

std::optional<policy::Instant> parse_moment(std::string_view text, policy::Instant now) {
    if (const auto age = config::parse_duration(text)) return now - *age;
    return parse_date(text);
}

policy::Result<Command> parse_command(std::string_view line, policy::Instant now) {
    const auto blank = line.find(' ');
    const auto verb = verb_of(line.substr(0, blank));
    if (!verb) return fault("no such command");
    Command command;
    command.verb = *verb;
    auto rest = blank == std::string_view::npos ? std::string_view{} : line.substr(blank + 1);
    while (!rest.empty()) {
        const auto end = rest.find('&');
        const auto pair = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        const auto equals = pair.find('=');
        const auto key = pair.substr(0, equals);
        const auto value = equals == std::string_view::npos
                               ? std::nullopt
                               : policy::form_decode(pair.substr(equals + 1));
        if (!value || !apply(key, *value, now, command))
            return fault("makes no sense: " + std::string(key));
        if (!is_selection(key)) continue;
        command.asked.append(command.asked.empty() ? "" : " ").append(key).append("=");
        command.asked.append(*value);
    }
    if (command.verb == Command::Verb::Show && !command.selection.handle)
        return fault("show needs a session");
    if (command.verb == Command::Verb::Revoke && command.asked.empty())
        return fault("revoke needs to know which sessions; for all of them say so: everything");
    return command;
}

}  // namespace gateway::admin
