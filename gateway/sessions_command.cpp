#include "gateway/sessions_command.h"

#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "config/load.h"
#include "gateway/admin/client.h"
#include "gateway/command_line.h"
#include "policy/base/text.h"

namespace gateway {
namespace {

struct Options {
    std::string socket;
    std::string config;
    std::string session;
    std::string family;
    std::string user;
    std::string network;
    std::string created_before;
    std::string reason;
    std::size_t limit = 100;
    bool everything = false;
    bool dry_run = false;
    bool json = false;
};

constexpr int kNothingMatched = 1;

// As in a form; what is not a letter or digit as %XX.
std::string encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
        if (is_plain) {
            out += c;
        } else {
            const auto byte = static_cast<std::uint8_t>(c);
            out.append("%").append(policy::to_hex(std::span(&byte, 1)));
        }
    }
    return out;
}

std::string command_of(const std::string& verb, const Options& options) {
    std::string command = verb + " limit=" + std::to_string(options.limit);
    const auto add = [&](std::string_view key, const std::string& value) {
        if (!value.empty()) command.append("&").append(key).append("=").append(encoded(value));
    };
    add("session", options.session.empty() ? options.family : options.session);
    add("user", options.user);
    add("network", options.network);
    add("created_before", options.created_before);
    add("reason", options.reason);
    if (options.everything) add("everything", "1");
    if (options.dry_run) add("dry_run", "1");
    if (options.json) add("json", "1");
    return command;
}

// Empty when there is none, and then it was said why.
std::string socket_of(const Options& options) {
    if (!options.socket.empty()) return options.socket;
    if (options.config.empty()) {
        std::cerr << "sallyport sessions needs --socket, or --config with a policy that has one\n";
        return {};
    }
    const auto settings = config::load(options.config);
    if (!settings) {
        for (const auto& complaint : settings.error())
            std::cerr << config::to_string(complaint) << '\n';
        return {};
    }
    if (!(*settings)->admin_socket) {
        std::cerr << options.config << ": has no admin.socket\n";
        return {};
    }
    return (*settings)->admin_socket->string();
}

int run(const std::string& verb, const Options& options) {
    const auto socket = socket_of(options);
    if (socket.empty()) return kBadUsage;
    const auto answer = admin::ask(socket, command_of(verb, options));
    if (!answer) {
        std::cerr << "cannot ask: " << answer.error().context << '\n';
        return kCannotRun;
    }
    const auto end = answer->find('\n');
    const auto verdict = answer->substr(0, end);
    if (verdict.starts_with("error ")) {
        std::cerr << verdict.substr(6) << '\n';
        return kBadUsage;
    }
    std::cout << answer->substr(end + 1);
    return verdict == "none" && verb == "show" ? kNothingMatched : kSuccess;
}

void add_selection(CLI::App& command, Options& options) {
    auto* session = command.add_option("--session", options.session, "The session of this handle");
    command
        .add_option("--family", options.family,
                    "The same: a handle names all ids that a session has had")
        ->excludes(session);
    command.add_option("--user", options.user, "Those of this user");
    command.add_option("--network", options.network,
                       "Those that began in this network, or were used there last: 192.0.2.0/24");
    command.add_option(
        "--created-before", options.created_before,
        "Those begun, or logged in last, before: 2026-01-31T12:00:00Z, or an age: 2h");
}

void add_common(CLI::App& command, Options& options) {
    command.add_option("--socket", options.socket, "The admin socket of a running gateway");
    command.add_option("--config,-c", options.config, "The policy file that names the socket");
    command.add_option("--limit", options.limit, "How many sessions are described")
        ->capture_default_str()
        ->check(CLI::Range(0, 100'000));
    command.add_flag("--json", options.json, "JSON lines instead of a table");
}

}  // namespace

void add_sessions(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    auto* sessions =
        app.add_subcommand("sessions", "List, show and revoke the sessions of a running gateway");
    sessions->require_subcommand(1);
    sessions->footer(
        "Asks through the Unix socket of the policy's `admin.socket`, which answers to the owner\n"
        "of the process and to root. Each command is an event of the audit.\n\n"
        "Exit codes: 0 success, 1 no such session (show), 2 wrong usage, 3 nobody to ask.");

    const auto add = [&](const std::string& verb, const std::string& what) {
        auto* command = sessions->add_subcommand(verb, what);
        add_common(*command, *options);
        command->callback([options, verb, &exit_code] { exit_code = run(verb, *options); });
        return command;
    };
    add_selection(*add("list", "Live sessions, all of them or some"), *options);
    add("show", "One session")
        ->add_option("handle", options->session, "Its handle, as in the audit")
        ->required();

    auto* revoke = add("revoke", "End sessions, at once and for good");
    add_selection(*revoke, *options);
    revoke->add_flag("--everything", options->everything, "All sessions there are");
    revoke->add_flag("--dry-run", options->dry_run, "Say which, and end none");
    revoke->add_option("--reason", options->reason, "Why, for the audit");
    revoke->footer(
        "All filters that are given must hold:\n"
        "  sallyport sessions revoke -c policy.yaml --user alice\n"
        "  sallyport sessions revoke -c policy.yaml --created-before 2h --dry-run\n"
        "  sallyport sessions revoke -c policy.yaml --everything --reason \"keys were stolen\"");
}

}  // namespace gateway
