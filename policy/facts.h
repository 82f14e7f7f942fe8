#pragma once

// What is known about a request and its session before anything is decided. Plain values: every
// rule can be tested with a table of them. Views live as long as the request's head.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/reason.h"
#include "policy/base/strong.h"
#include "policy/base/time.h"
#include "policy/http/authority.h"
#include "policy/http/message.h"
#include "policy/http/network.h"
#include "policy/http/target.h"
#include "policy/session_event.h"

namespace policy {

struct RequestFacts {
    Method method = Method::Get;
    HostName host;
    std::optional<std::uint16_t> port;  // As the client wrote it.
    Target target;
    std::string_view
        forwarded;  // What the backend is sent for it; the same unless paths are mapped.
    IpAddress client;
    std::string_view user_agent;
    bool is_navigation = false;  // A person is looking: a redirect helps where a 401 does not.
    const FieldList* fields = nullptr;  // Of the head; never null once read.

    // The path that the backend sees, as it is sent.
    [[nodiscard]] std::string_view forwarded_path() const {
        return forwarded.substr(0, forwarded.find('?'));
    }
};

// Facts about the session that the request's cookie names.
struct SessionFacts {
    const UserName* user = nullptr;  // Null for strangers. Owned by the loaded session.
    std::string_view handle;         // Names the session in logs; empty when there is none.
    std::string_view login;          // The login rule that authenticated the user.
    const std::vector<std::string>* groups = nullptr;  // Of the user; null without one.
    const PendingLogin* pending = nullptr;             // A login that is to be confirmed.
    Instant authenticated_at{};
    bool needs_step_up = false;  // The session is trusted less than its login was worth.
    bool may_write =
        true;  // False when the cookie that unsafe methods need is not there (CKI-011).
    Reason refused = Reason::None;  // Why the presented cookie names no live session.
};

}  // namespace policy
