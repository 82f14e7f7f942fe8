#pragma once

// StoreKeeper: the sessions of this process, wherever they are kept. It gives every loop what that
// one needs to reach them.

#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "config/settings.h"
#include "policy/finding.h"
#include "session/directory.h"
#include "session/outage.h"
#include "session/store.h"

namespace gateway {

// A loop's way to the sessions.
class StoreAccess {
public:
    virtual ~StoreAccess() = default;
    StoreAccess() = default;
    StoreAccess(const StoreAccess&) = delete;
    StoreAccess& operator=(const StoreAccess&) = delete;

    [[nodiscard]] virtual session::Store& store() = 0;

    // For the loop's own thread. After stop() every call is an error, and the loop soon has nothing
    // to do for it any more.
    virtual void start() {}
    virtual void stop() {}
};

class StoreKeeper {
public:
    virtual ~StoreKeeper() = default;
    StoreKeeper() = default;
    StoreKeeper(const StoreKeeper&) = delete;
    StoreKeeper& operator=(const StoreKeeper&) = delete;

    // For one more worker; `loop` and the keeper outlive it.
    [[nodiscard]] virtual std::unique_ptr<StoreAccess> open(boost::asio::io_context& loop) = 0;

    // What follows is for the thread of the loop that the keeper was made with.
    [[nodiscard]] virtual session::Directory& directory() = 0;
    // Ends what has expired, a part of it per call. Nothing when the store does not answer.
    [[nodiscard]] virtual session::Task<policy::Findings> sweep(policy::Instant now) = 0;
    virtual void start() {}
    virtual void stop() {}
};

// What keepers need of the process; outlives them.
struct StoreSurroundings {
    const config::Settings& settings;
    session::Random& random;
    const session::Clock& clock;
    session::EndListener& ended;
    boost::asio::io_context& loop;  // Of whoever looks after the process.
    session::Outage::Tell tell_outage;
    std::function<void()>
        recheck;  // Sessions may have ended unheard of: those in use are to be looked at.
};

// As the policy says. Errors: Internal, for a file or a database that cannot be used.
[[nodiscard]] policy::Result<std::unique_ptr<StoreKeeper>> make_keeper(
    const StoreSurroundings& surroundings);

}  // namespace gateway
