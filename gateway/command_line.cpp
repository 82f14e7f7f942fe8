#include "gateway/command_line.h"

#include <iostream>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <openssl/crypto.h>

#include "config/load.h"
#include "gateway/learn/learn.h"
#include "gateway/log.h"
#include "gateway/server.h"
#include "gateway/sessions_command.h"
#include "gateway/tls/server_context.h"
#include "session/random.h"

namespace gateway {
namespace {

using SettingsPtr = std::shared_ptr<const config::Settings>;

SettingsPtr load_or_complain(const std::string& file) {
    auto loaded = config::load(file);
    if (loaded) return std::move(*loaded);
    for (const auto& complaint : loaded.error()) std::cerr << config::to_string(complaint) << '\n';
    std::cerr << loaded.error().size()
              << (loaded.error().size() == 1 ? " complaint" : " complaints")
              << "; nothing was started\n";
    return nullptr;
}

int run_gateway(const std::string& file, const RunOptions& options) {
    start_log();
    auto settings = load_or_complain(file);
    if (!settings) return kBadPolicy;
    const auto served = run(std::move(settings), options);
    if (served) return kSuccess;
    log_error("not started: " + served.error().context);
    return kCannotRun;
}

// What only TLS itself can say of the files that a listener names.
bool can_be_served(const config::Settings& settings) {
    session::SystemRandom random;
    auto tickets = TicketKeys::generate(random);
    if (!tickets) return false;
    bool all_fit = true;
    for (const auto& listener : settings.listeners) {
        const auto context =
            make_server_context(listener.tls.certificate, listener.tls.key, *tickets);
        if (!context) std::cerr << context.error().context << '\n';
        all_fit = all_fit && context;
    }
    return all_fit;
}

int check_policy(const std::string& file) {
    const auto settings = load_or_complain(file);
    if (!settings || !can_be_served(*settings)) return kBadPolicy;
    for (const auto& warning : settings->warnings)
        std::cerr << "warning: " << config::to_string(warning) << '\n';
    std::cout << file << ": ok\n";
    return kSuccess;
}

int exit_code_of(learn::End end) {
    switch (end) {
        case learn::End::Learned:
            return kSuccess;
        case learn::End::NothingLearned:
            return kBadPolicy;
        case learn::End::WrongOptions:
            return kBadUsage;
        case learn::End::CannotRun:
            break;
    }
    return kCannotRun;
}

// Checks that the options of the live form and of `--from` are not mixed up.
int learn_login(const learn::Options& options) {
    if (options.from.empty() && options.backend.empty()) {
        std::cerr << "sallyport learn needs --backend, or --from with a recording\n"
                  << "Run with --help for more information.\n";
        return kBadUsage;
    }
    return exit_code_of(learn::learn(options));
}

void add_learn(CLI::App& app, learn::Options& options, int& exit_code) {
    auto* learn = app.add_subcommand(
        "learn", "Watch a login at a backend and write a policy with a rule for it");
    learn->footer(
        "The live form is a proxy without TLS for one browser. It asks, one after another, for\n"
        "the user name and for: a visit without a login, a login with a wrong password, a real\n"
        "login, a page or two, a logout. Then it writes the policy, with the reasons as comments.\n"
        "Recordings hold neither passwords nor ids; read one before you pass it on all the "
        "same.\n\n"
        "Exit codes: 0 success, 1 the policy file is not accepted, 2 wrong usage, 3 cannot run.\n"
        "Here 1 means that the recording is not accepted or shows no login that can be told from\n"
        "a failure; the policy is then written without a login, and says why.");
    auto* from = learn->add_option("--from", options.from, "A recording to learn from instead");
    learn->add_option("--backend", options.backend, "The application: http://127.0.0.1:9000");
    learn->add_option("--listen", options.listen, "Where the browser goes")
        ->capture_default_str()
        ->excludes(from);
    learn->add_option("--host", options.host, "The public name of the application");
    learn->add_option("--record", options.record, "A new file for the recording (JSON lines)")
        ->excludes(from);
    learn->add_option("--output", options.output,
                      "A new file for the policy, else standard output");
    learn->add_option("--insecure-plaintext", options.insecure_plaintext,
                      "A sentence why addresses that are not on loopback may be used: passwords\n"
                      "cross them in the clear");
    learn->callback([&] { exit_code = learn_login(options); });
}

int print_version() {
    std::cout << "sallyport " << SALLYPORT_VERSION << "\n"
              << OpenSSL_version(OPENSSL_VERSION) << "\n";
    return kSuccess;
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
    CLI::App app("Sallyport: a session gateway in front of web applications nobody can change",
                 "sallyport");
    app.footer(
        "Exit codes: 0 success, 1 the policy file is not accepted, 2 wrong usage,\n"
        "3 cannot run. Every command has a --help of its own.");
    app.require_subcommand(1);
    int exit_code = kSuccess;
    std::string file;
    std::string ready_file;

    auto* run = app.add_subcommand("run", "Serve in the foreground until SIGTERM or SIGINT");
    run->add_option("--config,-c", file, "The policy file")->required();
    run->add_option("--ready-file", ready_file,
                    "Written when all listeners accept: process id and addresses as JSON");
    run->callback([&] {
        RunOptions options;
        if (!ready_file.empty()) options.ready_file = ready_file;
        exit_code = run_gateway(file, options);
    });

    auto* check =
        app.add_subcommand("check", "Read a policy file and say everything that is wrong");
    check->add_option("file", file, "The policy file")->required();
    check->callback([&] { exit_code = check_policy(file); });

    add_sessions(app, exit_code);

    learn::Options learn_options;
    add_learn(app, learn_options, exit_code);

    app.add_subcommand("version", "Print the version")->callback([&] {
        exit_code = print_version();
    });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kSuccess : kBadUsage;
    }
    return exit_code;
}

}  // namespace gateway
