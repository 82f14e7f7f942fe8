#pragma once

// The store whose sessions outlive the process and are shared with other gateways. A table keeps
// the rows; everything else is here: sealing, the epoch, what is done while the table does not
// answer, and who is told when a session ends. One for each loop; what they know in common is in
// SharedKnowledge.

#include <atomic>
#include <vector>

#include "policy/finding.h"
#include "policy/http/network.h"
#include "session/clock.h"
#include "session/directory.h"
#include "session/journal.h"
#include "session/outage.h"
#include "session/recent_sessions.h"
#include "session/record_sealer.h"
#include "session/store.h"
#include "session/table.h"

namespace session {

// What becomes of requests with a session while the table does not answer.
enum class OnOutage : std::uint8_t {
    Deny,    // They are refused.
    Cached,  // Sessions seen a moment ago may be read. Nothing is written, nobody logs in.
};

struct SharedSettings {
    OnOutage on_outage = OnOutage::Deny;
    policy::Duration cached_for = std::chrono::seconds(5);  // Since the table last said so.
    std::size_t remembered = 10'000;                        // Sessions, by each gateway.
    policy::PrefixLengths network = {};  // What a network is, of which strangers are counted.
};

class SharedKnowledge {
public:
    // `clock` and `listener` outlive this; `listener` may be null.
    SharedKnowledge(SharedSettings how, const Clock& time, EndListener* told, Outage::Tell tell)
        : settings(how),
          clock(time),
          listener(told),
          recent(how.remembered),
          outage(time, std::move(tell)) {}

    // What another gateway, or this one, told all.
    void hear(const Notice& notice);

    // Whether notices come in. While they do not, the epoch is asked for with each load.
    void set_listening(bool is_listening) { is_listening_ = is_listening; }
    [[nodiscard]] bool is_listening() const { return is_listening_; }

    void raise_epoch(policy::Instant epoch);
    [[nodiscard]] policy::Instant epoch() const {
        return policy::Instant(policy::Duration(epoch_));
    }

    const SharedSettings settings;
    const Clock& clock;
    EndListener* const listener;
    RecentSessions recent;
    Journal ended{std::chrono::minutes(10), 10'000};
    Outage outage;

private:
    std::atomic<bool> is_listening_{false};
    std::atomic<policy::Duration::rep> epoch_{0};
};

// Under which a table finds a user's sessions.
[[nodiscard]] std::string user_index(const policy::UserName& user, const Sha256& sha);

class SharedStore final : public Store, public Directory {
public:
    // All of it outlives this.
    SharedStore(Table& table, SharedKnowledge& knowledge, const RecordSealer& sealer,
                Random& random)
        : table_(table), knowledge_(knowledge), sealer_(sealer), random_(random) {}

    Task<policy::Result<Lookup>> load(Locator at) override;
    Task<policy::Result<void>> create(Locator at, Record record, policy::Instant now) override;
    Task<policy::Result<Write>> replace(Locator at, Version expected, Record record,
                                        policy::Instant now) override;
    Task<policy::Result<Write>> end(SessionKey key, policy::Reason reason,
                                    policy::Instant keep_until) override;
    Task<void> touch(SessionKey key, policy::Instant now) override;
    Task<policy::Result<std::vector<UserSession>>> sessions_of(policy::UserName user) override;

    Task<policy::Result<std::vector<Summary>>> list(Selection selection, std::size_t most) override;
    // Ending all, or all that were begun before a time, takes effect at once for all gateways.
    Task<policy::Result<Revoked>> revoke(Selection selection, Mode mode, std::size_t most) override;

    // Ends what has expired, a part of it per call. Errors: StoreUnavailable.
    [[nodiscard]] Task<policy::Result<policy::Findings>> sweep(policy::Instant now);

    // Asks for what may have been told while nobody listened. Errors: StoreUnavailable.
    [[nodiscard]] Task<policy::Result<void>> catch_up();

private:
    // A session that is meant, and until when its tombstone is kept.
    struct Meant {
        SessionKey key;
        policy::Instant expires{};
    };
    struct Found {
        std::vector<Meant> meant;
        std::vector<Summary> first;
    };

    [[nodiscard]] policy::Result<Row> row_of(const Locator& at, Version version,
                                             const Record& record) const;
    [[nodiscard]] Task<policy::Result<Lookup>> read(Locator at, Row row);
    [[nodiscard]] std::shared_ptr<const Session> open(const Locator& at, std::string_view sealed);
    void remember(const Locator& at, Stored stored, std::string_view sealed);
    [[nodiscard]] policy::Result<Lookup> recall(const SessionKey& key, policy::Error error);
    [[nodiscard]] Task<policy::Result<Found>> find(Selection selection, std::size_t most);
    void sort_out(const Selection& selection, std::size_t most, const Page& page,
                  Found& found) const;

    // Notes whether the table answered.
    template <class T>
    policy::Result<T> noted(policy::Result<T> answer) {
        if (!answer && answer.error().reason == policy::Reason::StoreUnavailable)
            knowledge_.outage.failed(answer.error().context);
        else
            knowledge_.outage.answered();
        return answer;
    }

    Table& table_;
    SharedKnowledge& knowledge_;
    const RecordSealer& sealer_;
    Random& random_;
    Sha256 sha_;
};

}  // namespace session
