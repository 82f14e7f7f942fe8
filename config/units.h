#pragma once

// Durations, sizes and rates as a policy spells them. A number without a unit is refused: whether
// `30` means seconds or minutes is not for anybody to guess.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "policy/base/time.h"
#include "session/attempts.h"

namespace config {

// `500ms`, `30s`, `15m`, `8h`, `7d`.
[[nodiscard]] std::optional<policy::Duration> parse_duration(std::string_view text);

// `512B`, `16KiB`, `1MiB`.
[[nodiscard]] std::optional<std::size_t> parse_size(std::string_view text);

// `5 in 15m`; `off` is a threshold that is not watched.
[[nodiscard]] std::optional<session::Threshold> parse_threshold(std::string_view text);

// In the largest unit that needs no fraction.
[[nodiscard]] std::string duration_text(policy::Duration duration);
[[nodiscard]] std::string size_text(std::size_t bytes);

}  // namespace config
