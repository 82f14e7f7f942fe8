#pragma once

// Match: how surely something is what a rule describes. What cannot be known is neither true nor
// false, and stays so through `all`, `any` and `not` (Kleene's logic): nothing is believed on it.

#include <algorithm>
#include <cstdint>

namespace policy {

// In the order of certainty: the least of several is their `all`, the greatest their `any`.
enum class Match : std::uint8_t { No, Doubtful, Yes };

[[nodiscard]] constexpr Match both(Match left, Match right) {
    return std::min(left, right);
}
[[nodiscard]] constexpr Match either(Match left, Match right) {
    return std::max(left, right);
}
[[nodiscard]] constexpr Match opposite(Match match) {
    return static_cast<Match>(2 - static_cast<int>(match));
}
[[nodiscard]] constexpr Match match_if(bool is_so) {
    return is_so ? Match::Yes : Match::No;
}

}  // namespace policy
