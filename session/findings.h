#pragma once

// The findings that sessions give rise to. They name a session by its handle, never by its id.

#include <span>
#include <string_view>

#include "policy/finding.h"
#include "session/id.h"
#include "session/session.h"

namespace session {

// Of a cookie that names no session.
[[nodiscard]] policy::Finding finding_of(policy::Event event, policy::Reason reason);

// Of a session, alive or not.
[[nodiscard]] policy::Finding finding_of(policy::Event event, policy::Reason reason,
                                         const Handle& handle);

// A session ended for `reason`, which is not a limit of its life.
[[nodiscard]] policy::Finding end_finding(policy::Reason reason, const Handle& handle);

// `cause` is a word for the audit.
[[nodiscard]] policy::Finding id_rotated(const Session& session, std::string_view cause);

// The backend set cookies that the session has no room for. Names the first few.
[[nodiscard]] policy::Finding vault_full(std::span<const std::string_view> names);

}  // namespace session
