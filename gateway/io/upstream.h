#pragma once

// Upstream: one connection to a backend, used for one exchange at a time. Sending demands a
// Permit, which only policy::decide() can make.

#include <functional>
#include <memory>
#include <string_view>

#include "policy/base/result.h"
#include "policy/decision.h"
#include "policy/http/framing.h"
#include "policy/http/message.h"
#include "session/task.h"

namespace gateway {

using session::Task;

class Upstream {
public:
    virtual ~Upstream() = default;

    // Sends the head, framed as `framing` says, together with `body`, the first bytes of it.
    // Errors of all calls: BackendClosed, BackendTimeout, BackendMalformed.
    [[nodiscard]] virtual Task<policy::Result<void>> send(const policy::Permit& permit,
                                                          const policy::FieldList& fields,
                                                          const policy::Framing& framing,
                                                          std::string_view body) = 0;
    [[nodiscard]] virtual Task<policy::Result<void>> send_body(std::string_view bytes) = 0;
    [[nodiscard]] virtual Task<policy::Result<void>> finish_body() = 0;

    using OnInterim = std::function<Task<policy::Result<void>>(const policy::ResponseHead&)>;

    // The head of the final response, valid until the body's end. `on_interim` hears of the
    // interim ones before it (RFC 9110 §15.2) but `100`.
    [[nodiscard]] virtual Task<policy::Result<const policy::ResponseHead*>> read_head(
        const OnInterim& on_interim) = 0;

    // Of the response; known after read_head().
    [[nodiscard]] virtual const policy::Framing& framing() const = 0;

    // True when read_body() will not wait.
    [[nodiscard]] virtual bool body_is_ready() = 0;

    // The next piece of the body, empty at its end. The view is valid until the next call.
    [[nodiscard]] virtual Task<policy::Result<std::string_view>> read_body() = 0;

    // The connection served an earlier exchange and has received nothing in this one: the backend
    // may have closed it before it saw the request.
    [[nodiscard]] virtual bool may_be_stale() const = 0;

    // Ends everything that waits on this connection, with BackendClosed.
    virtual void abort() = 0;
};

// Where upstream connections come from and go to.
class UpstreamSource {
public:
    virtual ~UpstreamSource() = default;

    enum class Freshness : std::uint8_t { Any, New };

    // Errors: BackendUnreachable.
    [[nodiscard]] virtual Task<policy::Result<std::unique_ptr<Upstream>>> acquire(
        const policy::Backend& backend, Freshness freshness) = 0;

    // Takes a connection back; keeps it only when the exchange left it fit for another.
    virtual void release(std::unique_ptr<Upstream> upstream) = 0;
};

}  // namespace gateway
