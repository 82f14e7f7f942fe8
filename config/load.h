#pragma once

// Policy file in, frozen settings out, or every complaint at once. Nothing starts on a partly
// read file (CFG-001).

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "config/settings.h"

namespace config {

// `line` and `column` count from 1; both are 0 when the complaint is about the file as a whole.
struct Complaint {
    std::filesystem::path file;
    int line = 0;
    int column = 0;
    std::string text;  // A sentence without the position; never holds a secret.
};

// `file:line:column: text`
[[nodiscard]] std::string to_string(const Complaint& complaint);

using Complaints = std::vector<Complaint>;

// Reads the file and the key files that it names. Complaints come in the order of the file.
[[nodiscard]] tl::expected<std::shared_ptr<const Settings>, Complaints> load(
    const std::filesystem::path& file);

// Same for text that stands for the content of `file`, whose folder relative names refer to.
[[nodiscard]] tl::expected<std::shared_ptr<const Settings>, Complaints> load_text(
    const std::string& text, const std::filesystem::path& file);

}  // namespace config
