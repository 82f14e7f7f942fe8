#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "config/load.h"
#include "gateway/worker.h"
#include "session/memory_store.h"
#include "tests/support/certificate.h"
#include "tests/support/failing_new.h"
#include "tests/support/policy_folder.h"
#include "tests/support/tls_asker.h"

// All sessions live in this process: an allocation that fails may cost the connection that it was
// made for, and no more.

namespace gateway {
namespace {

// Answers one request after the other, each on a connection of its own.
class Backend {
public:
    Backend() : thread_([this] { serve(); }) {}
    ~Backend() {
        ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
        thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    void serve() {
        boost::system::error_code failed;
        for (;;) {
            tcp::socket client(loop_);
            acceptor_.accept(client, failed);
            if (failed) return;
            std::array<char, 4096> request;
            client.read_some(boost::asio::buffer(request), failed);
            static constexpr std::string_view kAnswer =
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: SID=1\r\n\r\nok";
            client.write_some(boost::asio::buffer(kAnswer), failed);
        }
    }

    boost::asio::io_context loop_;
    tcp::acceptor acceptor_{loop_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
    std::thread thread_;
};

struct OutOfMemory : testing::Test {
    support::PolicyFolder folder;
    Backend backend;
    std::shared_ptr<const config::Settings> settings = load();
    session::SystemClock clock;
    session::SystemRandom random;
    session::MemoryStore store{settings->memory};
    session::Attempts attempts{settings->attempts};
    std::unique_ptr<AuditWriter> audit =
        *AuditWriter::open(folder.file("audit.jsonl"), [](auto) { return std::string(); });
    Shared shared{settings,
                  store,
                  attempts,
                  random,
                  clock,
                  *audit,
                  {*resolve(*settings->backends.front())},
                  {*claim("127.0.0.1", 0)}};
    TicketKeys tickets = *TicketKeys::generate(random);
    std::unique_ptr<Worker> worker = *Worker::create(shared, tickets);
    support::TlsAsker client{shared.addresses.front()};
    std::thread thread;

    OutOfMemory() {
        std::signal(SIGPIPE, SIG_IGN);
        thread = std::thread([this] {
            support::let_this_thread_run_out_of_memory();
            worker->run();
        });
    }
    ~OutOfMemory() override {
        worker->drain();
        thread.join();
    }

    std::shared_ptr<const config::Settings> load() {
        const auto certificate = support::make_certificate();
        folder.write("tls.pem", certificate.pem);
        folder.write("tls.key", certificate.key);
        const std::string policy =
            "version: 1\n"
            "listeners: [ { address: '127.0.0.1:0', tls: { certificate: tls.pem, key: tls.key } } "
            "]\n"
            "session: { keys: [ { id: k1, file: session.key } ] }\n"
            "backends: { app: { servers: [ 'http://127.0.0.1:" +
            std::to_string(backend.port()) +
            "' ], max_idle: 0 } }\n"
            "routes: [ { host: localhost, paths: [ { prefix: /, require: nothing } ], backend: app "
            "} ]\n"
            "audit: { file: audit.jsonl }\n";
        return *config::load_text(policy, folder.file("policy.yaml"));
    }

    // Lets the first allocation for a connection fail, then the second, and so on, until one gets
    // by with fewer; after each another client is served.
    void expect_to_cost_one_connection(std::string_view request, std::string_view status) {
        bool failed = true;
        for (int nth = 1; failed; ++nth) {
            SCOPED_TRACE(nth);
            support::fail_allocation(nth);
            EXPECT_TRUE(client.ask(request));
            failed = support::stop_failing();

            const auto answer = client.ask(request);

            ASSERT_TRUE(answer);
            ASSERT_TRUE(answer->starts_with(status)) << *answer;
        }
    }
};

TEST_F(OutOfMemory, CostsOneConnectionWhereTheGatewayAnswers) {
    expect_to_cost_one_connection("GET / HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n\r\n",
                                  "HTTP/1.1 404");
}

TEST_F(OutOfMemory, CostsOneConnectionWhereTheBackendAnswers) {
    expect_to_cost_one_connection("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                                  "HTTP/1.1 200");
}

}  // namespace
}  // namespace gateway
