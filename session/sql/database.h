#pragma once

// The steps of a Table on one connection to a database, each of them atomic there. They block.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "session/sql/settings.h"
#include "session/table.h"

namespace soci {
class session;
}

namespace session::sql {

// What was told, in the order in which it was told; some of it twice.
struct Notices {
    std::int64_t last = 0;                                    // To go on with.
    std::vector<std::pair<std::int64_t, std::string>> lines;  // By number.
};

struct Touch {
    SessionKey key;
    policy::Instant at{};
};

// For one thread at a time. Errors of every call, also of a connection that broke:
// StoreUnavailable. After an error the connection is of no use.
class Database {
public:
    [[nodiscard]] static policy::Result<std::unique_ptr<Database>> open(const Settings& settings);
    ~Database();

    // As those of Table.
    [[nodiscard]] policy::Result<RowLookup> load(const SessionKey& key);
    [[nodiscard]] policy::Result<void> insert(const SessionKey& key, const Row& row);
    [[nodiscard]] policy::Result<Write> update(const SessionKey& key, Version expected,
                                               const Row& row, policy::Instant now);
    [[nodiscard]] policy::Result<Write> bury(const SessionKey& key, const Burial& burial,
                                             policy::Instant now);
    [[nodiscard]] policy::Result<void> touch(const std::vector<Touch>& touches);
    [[nodiscard]] policy::Result<std::optional<Row>> describe(const SessionKey& key);
    [[nodiscard]] policy::Result<Page> of_user(const std::string& user);
    [[nodiscard]] policy::Result<Page> page(const std::string& from);
    [[nodiscard]] policy::Result<std::vector<Swept>> sweep(policy::Instant now, std::size_t most);
    [[nodiscard]] policy::Result<policy::Instant> epoch();
    [[nodiscard]] policy::Result<void> raise_epoch(policy::Instant epoch, policy::Instant now);

    // What was told after `last`, and a little before: numbers are given before they can be seen,
    // so that a lower one may come later. Nothing: where to begin.
    [[nodiscard]] policy::Result<Notices> notices(std::optional<std::int64_t> last);

private:
    Database(const Settings& settings, std::unique_ptr<soci::session> session);

    // Each throws what SOCI throws.
    [[nodiscard]] bool has_its_share(const Row& row);
    [[nodiscard]] Write why_not_written(const SessionKey& key, policy::Instant now);
    [[nodiscard]] bool end(const SessionKey& key, const Burial& burial, policy::Instant over_by,
                           policy::Instant now);
    [[nodiscard]] Page rows(const std::string& condition, const std::string& value);
    void tell(const Notice& notice, policy::Instant now);

    const Settings& settings_;
    std::unique_ptr<soci::session> session_;
};

}  // namespace session::sql
