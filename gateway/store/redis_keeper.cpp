#include "gateway/store/redis_keeper.h"

#include <utility>

#include "gateway/redis/cluster.h"
#include "gateway/redis/single_node.h"
#include "gateway/redis/subscriber.h"
#include "gateway/store/shared.h"
#include "session/redis/table.h"

namespace gateway {
namespace {

using session::redis::Kind;

std::unique_ptr<redis::Servers> make_servers(boost::asio::io_context& loop,
                                             const redis::Dialling& dialling) {
    if (dialling.settings.kind == Kind::Cluster)
        return std::make_unique<redis::Cluster>(loop, dialling);
    return std::make_unique<redis::SingleNode>(loop, dialling);
}

class RedisAccess final : public StoreAccess {
public:
    RedisAccess(boost::asio::io_context& loop, const redis::Dialling& dialling,
                session::SharedKnowledge& knowledge, const session::RecordSealer& sealer)
        : servers_(make_servers(loop, dialling)),
          table_(*servers_, dialling.settings),
          store_(table_, knowledge, sealer, dialling.random) {}

    session::SharedStore& store() override { return store_; }
    void start() override { servers_->start(); }
    void stop() override { servers_->stop(); }

private:
    std::unique_ptr<redis::Servers> servers_;
    session::redis::RedisTable table_;
    session::SharedStore store_;
};

class RedisKeeper final : public StoreKeeper {
public:
    RedisKeeper(const StoreSurroundings& around, std::unique_ptr<redis::TlsClient> tls)
        : around_(around),
          sealer_(around.settings.cookie_keys),
          knowledge_(around.settings.shared, around.clock, &around.ended, around.tell_outage),
          dialling_{*around.settings.redis, std::move(tls), around.random,
                    [this] { return what_may_be_lost(); }},
          own_(around.loop, dialling_, knowledge_, sealer_),
          subscriber_(around.loop, dialling_, notices_channel(dialling_.settings),
                      {[this](const session::Notice& notice) { knowledge_.hear(notice); },
                       [this](bool is_listening) {
                           session::spawn(follow_notices(knowledge_, own_.store(), is_listening,
                                                         around_.recheck));
                       }}) {}

    std::unique_ptr<StoreAccess> open(boost::asio::io_context& loop) override {
        return std::make_unique<RedisAccess>(loop, dialling_, knowledge_, sealer_);
    }
    session::Directory& directory() override { return own_.store(); }
    session::Task<policy::Findings> sweep(policy::Instant now) override {
        auto swept = co_await own_.store().sweep(now);
        co_return swept ? std::move(*swept) : policy::Findings();
    }
    void start() override {
        own_.start();
        subscriber_.start();
    }
    void stop() override {
        subscriber_.stop();
        own_.stop();
    }

private:
    // A replica that became the primary, or a copy of a disk, may not have what was written last.
    std::vector<std::string> what_may_be_lost() {
        const auto now = around_.clock.now();
        session::redis::Burials burials;
        for (const auto& [key, reason, at] : knowledge_.ended.entries(now))
            burials.push_back({key, {reason, at + std::chrono::hours(24), true}});
        return commands_again(dialling_.settings, knowledge_.epoch(), burials, now);
    }

    const StoreSurroundings around_;
    session::RecordSealer sealer_;
    session::SharedKnowledge knowledge_;
    redis::Dialling dialling_;
    RedisAccess own_;
    redis::Subscriber subscriber_;
};

}  // namespace

policy::Result<std::unique_ptr<StoreKeeper>> make_redis_keeper(
    const StoreSurroundings& surroundings) {
    auto tls = redis::make_tls_client(*surroundings.settings.redis);
    if (!tls) return tl::unexpected(tls.error());
    return std::make_unique<RedisKeeper>(surroundings, std::move(*tls));
}

}  // namespace gateway
