#pragma once

// What an administrator is told: sessions as a table for people or as JSON lines for scripts. What
// users chose is escaped in both: no control character reaches a terminal.

#include <span>
#include <string>

#include "gateway/admin/command.h"
#include "session/directory.h"

namespace gateway::admin {

[[nodiscard]] std::string describe(std::span<const session::Summary> sessions,
                                   Command::Format format, policy::Instant now);

// What a revocation did, or would do.
[[nodiscard]] std::string describe(const session::Revoked& revoked, const Command& command);

}  // namespace gateway::admin
