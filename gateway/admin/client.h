#pragma once

// The other end of the admin socket, for `sallyport sessions`.

#include <filesystem>
#include <string>

#include "policy/base/result.h"

namespace gateway::admin {

// Sends one command and waits for the whole answer, half a minute at the most.
// Errors: Internal; the context says why nobody could be asked.
[[nodiscard]] policy::Result<std::string> ask(const std::filesystem::path& socket,
                                              const std::string& command);

}  // namespace gateway::admin
