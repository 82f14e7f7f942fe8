#pragma once

// JSON Pointer (RFC 6901): `/user/name` is what stands under "name" in what stands under "user".

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

// The keys on the way, unescaped; none for the whole document. Nothing when it is no pointer.
[[nodiscard]] std::optional<std::vector<std::string>> json_pointer_keys(std::string_view pointer);

[[nodiscard]] bool is_json_pointer(std::string_view text);

}  // namespace policy
