#include "gateway/store/sql_keeper.h"

#include "gateway/sql/listener.h"
#include "gateway/sql/table.h"
#include "gateway/store/shared.h"

namespace gateway {
namespace {

class SqlAccess final : public StoreAccess {
public:
    SqlAccess(boost::asio::io_context& loop, sql::Pool& pool, policy::Duration timeout,
              session::SharedKnowledge& knowledge, const session::RecordSealer& sealer,
              session::Random& random)
        : table_(loop, pool, timeout), store_(table_, knowledge, sealer, random) {}

    session::SharedStore& store() override { return store_; }
    sql::Asker& asker() { return table_.asker(); }
    void stop() override { table_.stop(); }

private:
    sql::SqlTable table_;
    session::SharedStore store_;
};

class SqlKeeper final : public StoreKeeper {
public:
    explicit SqlKeeper(const StoreSurroundings& around)
        : around_(around),
          sealer_(around.settings.cookie_keys),
          knowledge_(around.settings.shared, around.clock, &around.ended, around.tell_outage),
          pool_(*around.settings.sql),
          own_(around.loop, pool_, around.settings.sql->timeout, knowledge_, sealer_,
               around.random),
          listener_(around.loop, own_.asker(),
                    {[this](const session::Notice& notice) { knowledge_.hear(notice); },
                     [this](bool is_listening) {
                         session::spawn(follow_notices(knowledge_, own_.store(), is_listening,
                                                       around_.recheck));
                     }}) {}

    std::unique_ptr<StoreAccess> open(boost::asio::io_context& loop) override {
        return std::make_unique<SqlAccess>(loop, pool_, around_.settings.sql->timeout, knowledge_,
                                           sealer_, around_.random);
    }
    session::Directory& directory() override { return own_.store(); }
    session::Task<policy::Findings> sweep(policy::Instant now) override {
        auto swept = co_await own_.store().sweep(now);
        co_return swept ? std::move(*swept) : policy::Findings();
    }
    void start() override { listener_.start(); }
    void stop() override {
        listener_.stop();
        own_.stop();
    }

private:
    const StoreSurroundings around_;
    session::RecordSealer sealer_;
    session::SharedKnowledge knowledge_;
    sql::Pool pool_;
    SqlAccess own_;
    sql::Listener listener_;
};

}  // namespace

std::unique_ptr<StoreKeeper> make_sql_keeper(const StoreSurroundings& surroundings) {
    return std::make_unique<SqlKeeper>(surroundings);
}

}  // namespace gateway
