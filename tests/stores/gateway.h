#pragma once

// A gateway as a store sees it: its keeper, a loop of its own, and what it hears. The policy file
// that names the store is in the environment variable SALLYPORT_STORE_POLICY.

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <soci/soci.h>

#include "config/load.h"
#include "gateway/store/keeper.h"
#include "policy/base/text.h"
#include "session/sql/connection.h"
#include "tests/session/fixtures.h"
#include "tests/support/started_task.h"

namespace stores {

using policy::Reason;

inline void empty_tables(const session::sql::Settings& settings) {
    const auto database = session::sql::open(settings);
    if (!database) throw std::runtime_error(database.error().context);
    for (const auto* statement : {"DELETE FROM sallyport_sessions", "DELETE FROM sallyport_notices",
                                  "UPDATE sallyport_state SET value = 0 WHERE name = 'epoch'"})
        **database << statement;
}

// The policy, with a name space of its own for each test.
inline std::shared_ptr<config::Settings> policy_of_this_test() {
    const char* const file = std::getenv("SALLYPORT_STORE_POLICY");
    if (!file) throw std::runtime_error("set SALLYPORT_STORE_POLICY to a policy file");
    auto loaded = config::load(file);
    if (!loaded) throw std::runtime_error(config::to_string(loaded.error().front()));
    auto settings = std::const_pointer_cast<config::Settings>(*loaded);
    std::array<std::uint8_t, 8> bytes{};
    (void)session::SystemRandom().fill(bytes);
    const auto own = policy::to_hex(bytes);
    if (settings->redis) settings->redis->prefix += own + ":";
    if (settings->sql && settings->sql->engine == session::sql::Engine::Sqlite)
        settings->sql->file += own;
    if (settings->sql) empty_tables(*settings->sql);
    return settings;
}

class Gateway final : public session::EndListener {
public:
    struct Heard {
        session::SessionKey key;
        Reason reason = Reason::None;
        bool has_session = false;  // Its backend can be told.
    };

    explicit Gateway(std::shared_ptr<const config::Settings> settings)
        : settings_(std::move(settings)),
          keeper_(gateway::make_keeper({*settings_, random_, clock, *this, loop_,
                                        [this](const auto& change) { outages.push_back(change); },
                                        [this] { ++rechecks; }})
                      .value()),
          access_(keeper_->open(loop_)) {
        keeper_->start();
        access_->start();
    }
    ~Gateway() override {
        access_->stop();
        keeper_->stop();
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        loop_.restart();
        while (loop_.run_one_until(give_up) > 0) {
        }
        if (!loop_.stopped()) std::cerr << "the loop does not run dry\n";
    }
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    [[nodiscard]] session::Store& store() { return access_->store(); }
    [[nodiscard]] session::Directory& directory() { return keeper_->directory(); }
    [[nodiscard]] std::size_t sweep(policy::Instant now) {
        std::size_t ended = 0;
        for (int i = 0; i < 20; ++i) ended += run(keeper_->sweep(now)).size();
        return ended;
    }

    template <class T>
    T run(session::Task<T> task) {
        support::Started<T> started(std::move(task));
        if (!run_until([&] { return started.is_done(); }))
            throw std::runtime_error("the store does not answer at all");
        if constexpr (!std::is_void_v<T>) return std::move(started.result());
    }
    template <class Done>
    bool run_until(Done done) {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!done()) {
            if (std::chrono::steady_clock::now() > give_up) return false;
            loop_.restart();
            loop_.run_one_for(std::chrono::milliseconds(10));
        }
        return true;
    }

    void ended(const session::SessionKey& key, const session::Session* session,
               Reason reason) override {
        heard.push_back({key, reason, session != nullptr});
    }

    support::FakeClock clock;
    std::vector<Heard> heard;
    std::vector<session::Outage::Change> outages;
    int rechecks = 0;  // So many times it began to listen.

private:
    std::shared_ptr<const config::Settings> settings_;
    session::SystemRandom random_;
    boost::asio::io_context loop_{1};
    std::unique_ptr<gateway::StoreKeeper> keeper_;
    std::unique_ptr<gateway::StoreAccess> access_;
};

}  // namespace stores
