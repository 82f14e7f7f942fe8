#pragma once

// Policy file in, frozen settings out, or every complaint at once. Nothing starts on a partly
// read file (CFG-001).

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "config/complaint.h"
#include "config/settings.h"

namespace config {

// Reads the file and the key files that it names. Complaints come in the order of the file.
[[nodiscard]] tl::expected<std::shared_ptr<const Settings>, Complaints> load(
    const std::filesystem::path& file);

// Same for text that stands for the content of `file`, whose folder relative names refer to.
[[nodiscard]] tl::expected<std::shared_ptr<const Settings>, Complaints> load_text(
    const std::string& text, const std::filesystem::path& file);

}  // namespace config
