#include "gateway/store/keeper.h"

#include "gateway/store/redis_keeper.h"
#include "gateway/store/sql_keeper.h"
#include "session/memory_store.h"
#include "session/sealed_store.h"

namespace gateway {
namespace {

struct SameForAll final : StoreAccess {
    explicit SameForAll(session::Store& the_store) : one(the_store) {}
    session::Store& store() override { return one; }
    session::Store& one;
};

class MemoryKeeper final : public StoreKeeper {
public:
    explicit MemoryKeeper(const StoreSurroundings& around)
        : store_(around.settings.memory, &around.ended) {}

    std::unique_ptr<StoreAccess> open(boost::asio::io_context&) override {
        return std::make_unique<SameForAll>(store_);
    }
    session::Directory& directory() override { return store_; }
    session::Task<policy::Findings> sweep(policy::Instant now) override {
        co_return store_.sweep(now);
    }

private:
    session::MemoryStore store_;
};

class CookieKeeper final : public StoreKeeper {
public:
    explicit CookieKeeper(const StoreSurroundings& around)
        : store_(limits_of(around), session::Sealer(around.settings.cookie_keys), around.random,
                 around.clock, &around.ended) {}

    std::unique_ptr<StoreAccess> open(boost::asio::io_context&) override {
        return std::make_unique<SameForAll>(store_);
    }
    session::Directory& directory() override { return store_; }
    session::Task<policy::Findings> sweep(policy::Instant) override {
        co_return policy::Findings();
    }

private:
    // Who was logged out before the process began is not known any more.
    static session::SealedLimits limits_of(const StoreSurroundings& around) {
        auto limits = around.settings.sealed->limits;
        if (!around.settings.sealed->survives_restart) limits.epoch = around.clock.now();
        return limits;
    }

    session::SealedStore store_;
};

}  // namespace

policy::Result<std::unique_ptr<StoreKeeper>> make_keeper(const StoreSurroundings& surroundings) {
    if (surroundings.settings.redis) return make_redis_keeper(surroundings);
    if (surroundings.settings.sql) return make_sql_keeper(surroundings);
    if (surroundings.settings.sealed) return std::make_unique<CookieKeeper>(surroundings);
    return std::make_unique<MemoryKeeper>(surroundings);
}

}  // namespace gateway
