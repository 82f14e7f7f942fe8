#pragma once

// Our own answers: refusals, errors and the few pages that the gateway has. What they say comes
// from a table and never from the error; the request id is what an operator can look up.

#include <string>
#include <string_view>

#include "gateway/io/client.h"
#include "policy/base/reason.h"
#include "policy/own_field.h"

namespace gateway {

struct Reply {
    int status = 500;
    std::string location;    // For redirects; else empty.
    std::string own_cookie;  // Value of our Set-Cookie field; else empty.
    std::string request_id;
    std::string html = {};  // A page instead of the plain line.
    policy::OwnFields own_fields = {};
};

// The status that a client is told for `reason`, and for some a page that leads on.
[[nodiscard]] Reply refusal(policy::Reason reason, std::string_view request_id);

// Where a person confirms to be logged out: the button posts to `path`.
[[nodiscard]] Reply logout_page(std::string_view path, std::string_view request_id);

// Writes the reply. Errors: ClientClosed, BodyTimeout.
[[nodiscard]] Task<policy::Result<void>> write_reply(Client& client, Reply reply);

}  // namespace gateway
