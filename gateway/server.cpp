#include "gateway/server.h"

#include <atomic>
#include <csignal>
#include <fstream>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/signal_set.hpp>
#include <unistd.h>

#include "config/units.h"
#include "gateway/admin/server.h"
#include "gateway/log.h"
#include "gateway/store/keeper.h"
#include "gateway/worker.h"

namespace gateway {
namespace {

using policy::Event;
using policy::Reason;

using Workers = std::vector<std::unique_ptr<Worker>>;

// Hears of ended sessions for everybody who has something to do then.
class Ends final : public session::EndListener {
public:
    explicit Ends(EndedSessions& backends) : backends_(backends) {}

    // While the workers are there.
    void tell(Workers* workers) { workers_ = workers; }

    void ended(const session::SessionKey& key, const session::Session* session,
               Reason reason) override {
        backends_.ended(key, session, reason);
        if (!workers_) return;
        for (auto& worker : *workers_) worker->session_ended(key, reason);
    }
    void recheck() {
        if (!workers_) return;
        for (auto& worker : *workers_) worker->recheck();
    }

private:
    EndedSessions& backends_;
    Workers* workers_ = nullptr;
};

// What all workers share, in the order in which it must be taken down.
struct Commons {
    explicit Commons(const config::Settings& settings)
        : logouts(settings.routes, clock), attempts(settings.attempts) {}

    session::SystemClock clock;
    session::SystemRandom random;
    EndedSessions logouts;
    Ends ends{logouts};
    session::Attempts attempts;
    std::shared_ptr<session::Repeats> repeats = std::make_shared<session::Repeats>();
    std::unique_ptr<AuditWriter> audit;
    boost::asio::io_context loop{1};  // The caretaker's.
    std::unique_ptr<StoreKeeper> sessions;
};

void tell_outage(Commons& commons, const session::Outage::Change& change) {
    const auto now = commons.clock.now();
    if (change.is_out) {
        log_error("the store of sessions does not answer: " + change.why);
        commons.audit->hand_over(process_line(Event::StoreUnavailable, now, "problem", change.why));
        return;
    }
    const auto lasted = config::duration_text(change.lasted);
    log_info("the store of sessions answers again, after " + lasted);
    commons.audit->hand_over(process_line(Event::StoreRecovered, now, "after", lasted));
}

policy::Result<void> open_sessions(Commons& commons, const config::Settings& settings) {
    auto keeper = make_keeper({settings, commons.random, commons.clock, commons.ends, commons.loop,
                               [&commons](const auto& change) { tell_outage(commons, change); },
                               [&commons] { commons.ends.recheck(); }});
    if (!keeper) return tl::unexpected(keeper.error());
    commons.sessions = std::move(*keeper);
    return policy::ok();
}

policy::Result<void> open_audit(Commons& commons, const config::AuditSettings& settings) {
    auto writer = AuditWriter::open(
        settings.file,
        [&clock = commons.clock](std::uint64_t lost) {
            return process_line(Event::AuditLost, clock.now(), "lines", std::to_string(lost));
        },
        log_error);
    if (!writer) return tl::unexpected(writer.error());
    commons.audit = std::move(*writer);
    return policy::ok();
}

policy::Result<std::vector<std::vector<Endpoint>>> resolve_all(const config::Settings& settings) {
    std::vector<std::vector<Endpoint>> found;
    for (const auto& backend : settings.backends) {
        auto endpoints = resolve(*backend);
        if (!endpoints) return tl::unexpected(endpoints.error());
        found.push_back(std::move(*endpoints));
    }
    return found;
}

policy::Result<std::vector<tcp::endpoint>> claim_all(const config::Settings& settings) {
    std::vector<tcp::endpoint> claimed;
    for (const auto& listener : settings.listeners) {
        auto endpoint = claim(listener.host, listener.port);
        if (!endpoint) return tl::unexpected(endpoint.error());
        claimed.push_back(*endpoint);
    }
    return claimed;
}

policy::Result<Workers> make_workers(Shared& shared) {
    auto tickets = TicketKeys::generate(shared.random);
    if (!tickets) return tl::unexpected(tickets.error());
    const unsigned wanted = shared.settings->workers;
    const unsigned count = wanted ? wanted : std::max(1u, std::thread::hardware_concurrency());
    Workers workers;
    for (unsigned i = 0; i < count; ++i) {
        auto worker = Worker::create(shared, *tickets);
        if (!worker) return tl::unexpected(worker.error());
        workers.push_back(std::move(*worker));
    }
    return workers;
}

policy::Result<void> write_ready_file(const std::filesystem::path& file,
                                      const std::vector<tcp::endpoint>& addresses) {
    auto draft = file;
    draft += ".new";
    {
        std::ofstream out(draft);
        out << "{\"pid\":" << ::getpid() << ",\"listeners\":[";
        for (std::size_t i = 0; i < addresses.size(); ++i)
            out << (i ? "," : "") << '"' << to_string(addresses[i]) << '"';
        out << "]}\n";
        if (!out.flush()) return policy::fail(Reason::Internal, draft.string() + ": not written");
    }
    std::error_code failed;
    std::filesystem::rename(draft, file, failed);
    if (failed) return policy::fail(Reason::Internal, file.string() + ": " + failed.message());
    return policy::ok();
}

// The main thread's own loop: signals, and sweeping the store.
class Caretaker {
public:
    // Signals are caught from here on.
    Caretaker(Commons& commons, Workers& workers, policy::PrefixLengths networks)
        : commons_(commons),
          workers_(workers),
          audit_(*commons.audit, networks),
          loop_(commons.loop),
          signals_(loop_, SIGTERM, SIGINT),
          sweep_(loop_) {}

    // Errors: Internal.
    [[nodiscard]] policy::Result<void> open_admin(const std::filesystem::path& socket) {
        auto server = admin::Server::open(loop_, socket, commons_.sessions->directory(), audit_,
                                          commons_.clock);
        if (!server) return tl::unexpected(server.error());
        admin_ = std::move(*server);
        return policy::ok();
    }

    // Returns after the second signal or stop().
    void run() {
        commons_.sessions->start();
        await_signal();
        await_sweep();
        loop_.run();
        commons_.sessions->stop();
        loop_.restart();
        loop_.poll();  // What waited for the store has its answer now.
    }

    // Callable from any thread.
    void stop() { loop_.stop(); }

private:
    void await_signal() {
        signals_.async_wait([this](const boost::system::error_code& cancelled, int) {
            if (cancelled) return;
            log_info("ending: no new connections; exchanges in progress are finished");
            for (auto& worker : workers_) worker->drain();
            await_signal();
        });
    }

    void await_sweep() {
        sweep_.expires_after(std::chrono::seconds(1));
        sweep_.async_wait([this](const boost::system::error_code& cancelled) {
            if (cancelled) return;
            session::spawn(end_expired());
        });
    }

    session::Task<void> end_expired() {
        AuditContext context;
        context.time = commons_.clock.now();
        const auto ended = co_await commons_.sessions->sweep(context.time);
        audit_.report(context, ended);
        await_sweep();
    }

    Commons& commons_;
    Workers& workers_;
    Audit audit_;
    boost::asio::io_context& loop_;
    boost::asio::signal_set signals_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock> sweep_;
    std::unique_ptr<admin::Server> admin_;
};

// From here on a signal has nothing to end any more; it must not change the exit code either.
void hold_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void serve(Caretaker& caretaker, Workers& workers) {
    std::thread watcher([&] {
        std::vector<std::thread> threads;
        for (auto& worker : workers) threads.emplace_back([&worker] { worker->run(); });
        for (auto& thread : threads) thread.join();
        caretaker.stop();
    });
    caretaker.run();
    watcher.join();
}

}  // namespace

policy::Result<void> run(std::shared_ptr<const config::Settings> settings,
                         const RunOptions& options) {
    // A peer that leaves while OpenSSL writes to it must not end the process.
    std::signal(SIGPIPE, SIG_IGN);
    Commons commons(*settings);
    const auto audit = open_audit(commons, settings->audit);
    if (!audit) return audit;
    const auto opened = open_sessions(commons, *settings);
    if (!opened) return opened;
    auto backends = resolve_all(*settings);
    if (!backends) return tl::unexpected(backends.error());
    auto addresses = claim_all(*settings);
    if (!addresses) return tl::unexpected(addresses.error());

    Shared shared{settings,        *commons.sessions,    commons.attempts,
                  commons.random,  commons.clock,        *commons.audit,
                  commons.repeats, std::move(*backends), std::move(*addresses)};
    auto workers = make_workers(shared);
    if (!workers) return tl::unexpected(workers.error());

    Caretaker caretaker(commons, *workers, settings->session.binding.network.network);
    if (settings->admin_socket) {
        const auto answering = caretaker.open_admin(*settings->admin_socket);
        if (!answering) return answering;
    }
    for (const auto& address : shared.addresses)
        log_info("listening on https://" + to_string(address));
    for (const auto& warning : settings->warnings) log_warning(config::to_string(warning));
    for (const auto& [key, reason] : settings->weakenings)
        log_warning(key + " weakens the policy: " + reason);
    const auto source = settings->source.filename().string();
    commons.audit->hand_over(
        process_line(Event::SysStartup, commons.clock.now(), "policy", source));
    if (options.ready_file) {
        const auto written = write_ready_file(*options.ready_file, shared.addresses);
        if (!written) return written;
    }
    commons.ends.tell(&*workers);
    commons.logouts.send_to(
        [&workers, turn = std::make_shared<std::atomic<std::size_t>>(0)](LogoutCall call) {
            (*workers)[turn->fetch_add(1) % workers->size()]->send(std::move(call));
        });
    serve(caretaker, *workers);
    commons.logouts.send_to({});
    commons.ends.tell(nullptr);
    workers->clear();
    commons.audit->hand_over(
        process_line(Event::SysShutdown, commons.clock.now(), "policy", source));
    commons.audit.reset();  // Writes everything, while the caretaker still catches signals.
    hold_signals();
    log_info("ended");
    return policy::ok();
}

}  // namespace gateway
