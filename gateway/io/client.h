#pragma once

// Client: the peer that asked. The exchange, the policy and the session know only this; how
// requests and answers travel (HTTP/1.1 now) is the business of who implements it.

#include <cstdint>
#include <functional>
#include <string_view>

#include "policy/base/result.h"
#include "policy/http/framing.h"
#include "policy/http/message.h"
#include "policy/http/network.h"
#include "session/task.h"

namespace gateway {

using session::Task;

class Client {
public:
    virtual ~Client() = default;

    [[nodiscard]] virtual const policy::RequestHead& head() const = 0;
    [[nodiscard]] virtual const policy::Framing& framing() const = 0;
    [[nodiscard]] virtual const policy::IpAddress& address() const = 0;

    // True when the whole rest of the body is here: read_body() will not wait.
    [[nodiscard]] virtual bool body_is_here() const = 0;

    // The next piece of the body, empty at its end. The view is valid until the next call. A
    // client that expects `100 Continue` gets it with the first call that has to wait.
    // Errors: BadChunk, BodyTimeout, ClientClosed.
    [[nodiscard]] virtual Task<policy::Result<std::string_view>> read_body() = 0;

    // Ends a read_body() that waits, and every later one, with ClientClosed; the connection
    // closes after the answer.
    virtual void abandon_body() = 0;

    // No further request will be read from this connection; said in the answer's head.
    virtual void close_after_answer() = 0;

    // An interim response (RFC 9110 §15.2), sent at once to clients that understand it.
    [[nodiscard]] virtual Task<policy::Result<void>> write_interim(
        int status, const policy::FieldList& fields) = 0;

    // Takes the head of the final response; it leaves with the first bytes of the body, or with
    // flush() or finish(). `framing` is that of the body which follows.
    virtual void write_head(int status, const policy::FieldList& fields,
                            const policy::Framing& framing) = 0;

    // Errors of all three: ClientClosed, BodyTimeout.
    [[nodiscard]] virtual Task<policy::Result<void>> write_body(std::string_view bytes) = 0;
    [[nodiscard]] virtual Task<policy::Result<void>> flush() = 0;
    // The body is complete.
    [[nodiscard]] virtual Task<policy::Result<void>> finish() = 0;

    // Calls `gone` once, from the loop, when the client turns out to have left while this object
    // is watched; replaced by the next call, ended by an empty function.
    virtual void watch(std::function<void()> gone) = 0;

    // The same for a client whose body is being read, seen only by a connection that broke.
    virtual void watch_upload(std::function<void()> gone) = 0;

    // Ends the connection now, and with an error whatever waits for it.
    virtual void break_off() = 0;
};

}  // namespace gateway
