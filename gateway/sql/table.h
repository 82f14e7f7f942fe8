#pragma once

// Sessions in a database, for one loop.

#include <vector>

#include "gateway/sql/asker.h"
#include "session/table.h"

namespace gateway::sql {

class SqlTable final : public session::Table {
public:
    // Both outlive this.
    SqlTable(boost::asio::io_context& loop, Pool& pool, policy::Duration timeout)
        : asker_(loop, pool, timeout), linger_(loop) {}

    // As Asker::stop(); what is still to be noted is lost.
    void stop();

    [[nodiscard]] Asker& asker() { return asker_; }

    Task<policy::Result<session::RowLookup>> load(session::SessionKey key) override;
    Task<policy::Result<void>> insert(session::SessionKey key, session::Row row,
                                      policy::Instant now) override;
    Task<policy::Result<session::Write>> update(session::SessionKey key, session::Version expected,
                                                session::Row row, policy::Instant now) override;
    Task<policy::Result<session::Write>> bury(session::SessionKey key, session::Burial burial,
                                              policy::Instant now) override;
    // Written with others of the next moment, and in any case before anything else that is asked.
    Task<void> touch(session::SessionKey key, policy::Instant now) override;
    Task<policy::Result<std::optional<session::Row>>> describe(session::SessionKey key) override;
    Task<policy::Result<session::Page>> of_user(std::string user) override;
    Task<policy::Result<session::Page>> page(std::string from) override;
    Task<policy::Result<std::vector<session::Swept>>> sweep(policy::Instant now,
                                                            std::size_t most) override;
    Task<policy::Result<policy::Instant>> epoch() override;
    Task<policy::Result<void>> raise_epoch(policy::Instant epoch) override;

private:
    // All, if one of them is about `key`: they are written with the next question then.
    [[nodiscard]] std::vector<session::sql::Touch> touches_before(const session::SessionKey& key);
    [[nodiscard]] Task<void> write(std::vector<session::sql::Touch> touches);

    Asker asker_;
    std::vector<session::sql::Touch> touches_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock> linger_;
};

}  // namespace gateway::sql
