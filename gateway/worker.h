#pragma once

// A worker: one thread, one loop, and everything that a connection needs, none of it shared. A
// connection never leaves its worker, so there are no strands and no locks on the request's path.

#include <atomic>
#include <list>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/settings.h"
#include "gateway/audit/audit.h"
#include "gateway/backend_logout.h"
#include "gateway/connection.h"
#include "gateway/io/proxy_header.h"
#include "gateway/listener.h"
#include "gateway/live_exchanges.h"
#include "gateway/store/keeper.h"
#include "gateway/tls/server_context.h"
#include "gateway/upstream/pool.h"

namespace gateway {

// What the workers have in common; outlives them. All of it may be used from any thread.
struct Shared {
    std::shared_ptr<const config::Settings> settings;
    StoreKeeper& stores;
    session::Attempts& attempts;
    session::Random& random;
    const session::Clock& clock;
    AuditWriter& audit;
    std::shared_ptr<session::Repeats> repeats;
    std::vector<std::vector<Endpoint>> backends;  // By the backend's index.
    std::vector<tcp::endpoint> addresses;         // By the listener's position.
};

class Worker {
public:
    // Errors: Internal (a certificate, an address), RandomUnavailable.
    [[nodiscard]] static policy::Result<std::unique_ptr<Worker>> create(Shared& shared,
                                                                        TicketKeys& tickets);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Serves until drained; for the worker's own thread.
    void run();

    // Callable from any thread. Stops accepting, lets exchanges finish for the time that the
    // policy grants, then cuts what is left. A second call cuts at once.
    void drain();

    // Callable from any thread: has a backend told that a session has ended.
    void send(LogoutCall call);

    // Callable from any thread: what is still under way for this session is cut.
    void session_ended(const session::SessionKey& key, policy::Reason reason);

    // Callable from any thread: sessions may have ended unheard of; those in use are looked at.
    void recheck();

private:
    // One-shot deadlines of the worker itself.
    struct Alarm final : TimerWheel::Node {
        explicit Alarm(std::function<void()> what) : action(std::move(what)) {}
        void on_deadline() override;
        std::function<void()> action;
    };

    // A connection's place among those that are served, for as long as this lives.
    class Place {
    public:
        Place(Worker& worker, Connection& connection);
        ~Place();
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

    private:
        Worker& worker_;
        std::list<Connection*>::iterator position_;
    };

    Worker(Shared& shared, RequestIds ids);
    [[nodiscard]] policy::Result<void> listen(Shared& shared, TicketKeys& tickets);
    // What a listener says about those who come through it.
    struct Door {
        SSL_CTX& context;
        bool expects_proxy_header = false;
    };
    void accept(TcpSocket socket, const tcp::endpoint& peer, Door door);
    [[nodiscard]] Task<void> serve(TcpSocket socket, policy::IpAddress peer, Door door);
    [[nodiscard]] Task<void> converse(TcpSocket socket, policy::IpAddress peer, Door door);
    [[nodiscard]] Task<policy::Result<policy::IpAddress>> introduce(TlsStream& stream,
                                                                    policy::IpAddress peer);
    [[nodiscard]] Task<void> look_at(std::vector<session::Locator> sessions);
    void schedule_flush();
    void begin_drain();
    void cut();
    void end_if_idle();

    std::shared_ptr<const config::Settings> settings_;
    boost::asio::io_context loop_{1};
    TimerWheel wheel_{loop_};
    SlabPool slabs_;
    TextPool texts_;
    Buffers buffers_{slabs_, texts_};
    ClientLimits limits_;
    Audit audit_;
    std::unique_ptr<StoreAccess> store_;
    session::Manager sessions_;
    LiveExchanges live_{wheel_};
    Pools pools_;
    policy::HeaderRules headers_;
    StaleCookies stale_cookies_;
    RequestIds request_ids_;
    BackendLogouts logouts_;
    Services services_;
    std::vector<TlsContext> contexts_;
    std::vector<std::unique_ptr<Listener>> listeners_;
    std::list<Connection*> connections_;
    bool draining_ = false;
    bool told_full_ = false;
    Alarm flush_{[this] { audit_.flush(); }};
    Alarm cut_{[this] { cut(); }};
};

}  // namespace gateway
