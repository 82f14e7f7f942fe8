#pragma once

// What an administrator may ask through the socket: one line, `list`, `show` or `revoke` and a form
// behind it (`revoke user=alice&dry_run=1`). README.md has the keys. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/base/time.h"
#include "session/directory.h"

namespace gateway::admin {

struct Command {
    enum class Verb : std::uint8_t { List, Show, Revoke };
    enum class Format : std::uint8_t { Table, Json };

    Verb verb = Verb::List;
    session::Selection selection;
    session::Directory::Mode mode = session::Directory::Mode::ForReal;
    Format format = Format::Table;
    std::size_t most = 100;  // Sessions that are described.
    std::string reason;      // For the audit.
    std::string asked;       // The selection, as it was asked for.
};

// Errors: BadRequestLine; the context is a sentence for whoever asked.
[[nodiscard]] policy::Result<Command> parse_command(std::string_view line, policy::Instant now);

// `2026-01-31T23:59:59Z`, or an age such as `2h`.
[[nodiscard]] std::optional<policy::Instant> parse_moment(std::string_view text,
                                                          policy::Instant now);

}  // namespace gateway::admin
