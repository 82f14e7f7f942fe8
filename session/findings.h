#pragma once

// The findings that sessions give rise to. They name a session by its handle, never by its id.

#include <cstdint>
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

// `cause` is a word for the audit; `generation` that of the id which the browser gets.
[[nodiscard]] policy::Finding id_rotated(const Handle& handle, std::uint32_t generation,
                                         std::string_view cause);

// An id that was replaced came back, from elsewhere than where its session is used.
[[nodiscard]] policy::Finding id_reused(const Handle& handle, const Session& session,
                                        const policy::ClientEnvironment& client);

// `user` has more sessions than the policy says.
[[nodiscard]] policy::Finding too_many_sessions(const policy::UserName& user, std::size_t sessions,
                                                std::string_view reaction);

// The backend set cookies that the session has no room for. Names the first few.
[[nodiscard]] policy::Finding vault_full(std::span<const std::string_view> names);

}  // namespace session
