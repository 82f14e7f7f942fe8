#pragma once

// What an operator probably meant by a word that nobody knows.

#include <span>
#include <string>
#include <string_view>

namespace config {

// The known word that differs least, empty when all differ too much to be a slip of the finger.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       std::span<const std::string_view> known);

// `a, b, c`
[[nodiscard]] std::string list_of(std::span<const std::string_view> words);

}  // namespace config
