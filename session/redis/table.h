#pragma once

// Sessions in Redis: a hash for each (`s:{handle}`, or its tombstone), and sorted sets beside them:
// by their end (`ends:{0}` to `ends:{15}`), of a user (`user:{...}`) and of strangers
// (`net:{...}`). An entry is made before what it is for, and believed only when the record says the
// same. Further the `epoch`, and the channel `notices`. All of it has a time to live, and the
// prefix.

#include "session/redis/command.h"
#include "session/redis/nodes.h"
#include "session/redis/settings.h"
#include "session/table.h"

namespace session::redis {

[[nodiscard]] std::string epoch_key(const Settings& settings);
[[nodiscard]] std::string notices_channel(const Settings& settings);

// What ends sessions, and raises the epoch unless it is zero, as whole commands: for servers that
// may have lost it.
using Burials = std::vector<std::pair<SessionKey, Burial>>;
[[nodiscard]] std::vector<std::string> commands_again(const Settings& settings,
                                                      policy::Instant epoch, const Burials& burials,
                                                      policy::Instant now);

class RedisTable final : public Table {
public:
    // Both outlive this.
    RedisTable(Nodes& nodes, const Settings& settings) : nodes_(nodes), settings_(settings) {}

    Task<policy::Result<RowLookup>> load(SessionKey key) override;
    Task<policy::Result<void>> insert(SessionKey key, Row row, policy::Instant now) override;
    Task<policy::Result<Write>> update(SessionKey key, Version expected, Row row,
                                       policy::Instant now) override;
    Task<policy::Result<Write>> bury(SessionKey key, Burial burial, policy::Instant now) override;
    Task<void> touch(SessionKey key, policy::Instant now) override;

    Task<policy::Result<std::optional<Row>>> describe(SessionKey key) override;
    Task<policy::Result<Page>> of_user(std::string user) override;
    Task<policy::Result<Page>> page(std::string from) override;
    Task<policy::Result<std::vector<Swept>>> sweep(policy::Instant now, std::size_t most) override;

    Task<policy::Result<policy::Instant>> epoch() override;
    Task<policy::Result<void>> raise_epoch(policy::Instant epoch) override;

private:
    using Words = std::vector<std::string>;
    static constexpr std::size_t kParts =
        16;  // Of the index by ends: in a cluster each node has some.

    [[nodiscard]] std::string key_of(const SessionKey& key) const;
    [[nodiscard]] std::string ends_of(const SessionKey& key) const;
    [[nodiscard]] std::string ends_at(std::size_t part) const;
    [[nodiscard]] std::string user_key(std::string_view user) const;
    [[nodiscard]] std::string network_key(std::string_view network) const;

    // Runs a script; its text is sent only when the server does not know it. An error that it
    // answers is one of ours then.
    [[nodiscard]] Task<policy::Result<Reply>> run(const Script& script, std::string key,
                                                  Words arguments);
    [[nodiscard]] Task<policy::Result<Reply>> ask(std::string key, std::string command);
    [[nodiscard]] Task<policy::Result<void>> admit(SessionKey key, const Row& row,
                                                   policy::Instant now);
    [[nodiscard]] Task<policy::Result<void>> index(std::string index, SessionKey key,
                                                   policy::Instant end, policy::Instant now);
    // What was written counts only when enough replicas have it, too; all of it by `deadline`.
    using SteadyTime = Nodes::SteadyTime;
    [[nodiscard]] Task<policy::Result<void>> replicate(std::string key, SteadyTime deadline);
    [[nodiscard]] Task<policy::Result<std::optional<Swept>>> expire(SessionKey key,
                                                                    policy::Instant now);
    [[nodiscard]] Task<policy::Result<void>> describe_all(Words handles, Page& page);
    void leave_indexes(const SessionKey& key, std::string_view user, std::string_view network);

    Nodes& nodes_;
    const Settings& settings_;
    std::size_t next_swept_ = 0;
};

}  // namespace session::redis
