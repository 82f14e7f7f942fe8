#pragma once

// Our own answers: refusals and errors. What they say comes from a table and never from the error;
// the request id is what an operator can look up.

#include <string>
#include <string_view>

#include "gateway/io/client.h"
#include "policy/base/reason.h"

namespace gateway {

struct Reply {
    int status = 500;
    std::string location;    // For redirects; else empty.
    std::string own_cookie;  // Value of our Set-Cookie field; else empty.
    std::string request_id;
};

// The status that a client is told for `reason`.
[[nodiscard]] Reply refusal(policy::Reason reason, std::string_view request_id);

// Writes the reply with a short plain page. Errors: ClientClosed, BodyTimeout.
[[nodiscard]] Task<policy::Result<void>> write_reply(Client& client, Reply reply);

}  // namespace gateway
