#pragma once

// The composition root: makes everything out of the settings, starts the workers, waits for the
// signal to end, and takes everything down in order.

#include <filesystem>
#include <memory>
#include <optional>

#include "config/settings.h"
#include "policy/base/result.h"

namespace gateway {

struct RunOptions {
    // Written when all listeners accept: `{"pid":…,"listeners":["127.0.0.1:8443"]}`.
    std::optional<std::filesystem::path> ready_file;
};

// Serves until SIGTERM or SIGINT; a second one cuts what is still in progress. Errors: Internal,
// BackendUnreachable (a name that does not resolve), RandomUnavailable; nothing was served then.
[[nodiscard]] policy::Result<void> run(std::shared_ptr<const config::Settings> settings,
                                       const RunOptions& options);

}  // namespace gateway
