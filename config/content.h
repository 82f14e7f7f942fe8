#pragma once

// The bytes of a file that a policy is made of.

#include <filesystem>
#include <optional>
#include <string>

namespace config {

// Nothing, with errno set, when it cannot be read. At most one byte more than kLargestPolicy:
// that is enough to know that it is too much.
[[nodiscard]] std::optional<std::string> content_of(const std::filesystem::path& file);

}  // namespace config
