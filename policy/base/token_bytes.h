#pragma once

// The bytes that a token may hold (RFC 9110 §5.6.2 tchar), as a table: one lookup for each byte
// of a field name that a stranger sends.

#include <array>
#include <cstdint>
#include <string_view>

namespace policy {

inline constexpr auto kTokenBytes = [] {
    std::array<bool, 256> table{};
    constexpr std::string_view kTchar =
        "!#$%&'*+-.^_`|~0123456789"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (const char c : kTchar) table[static_cast<std::uint8_t>(c)] = true;
    return table;
}();

}  // namespace policy
