#include <array>

#include "policy/base/text.h"

namespace policy {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t kNoDigit = 0xFF;

constexpr auto kDigitOf = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(kNoDigit);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        table[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return table;
}();

std::uint8_t digit_of(char c) {
    return kDigitOf[static_cast<std::uint8_t>(c)];
}

// Bits that no byte uses must be zero, or two texts would stand for one value. `text` holds
// digits only.
bool has_canonical_end(std::string_view text) {
    constexpr std::array<std::uint8_t, 4> kUnusedBits{0, 0xFF, 0b1111, 0b11};
    const auto rest = text.size() % 4;
    return rest == 0 || (rest != 1 && (digit_of(text.back()) & kUnusedBits[rest]) == 0);
}

}  // namespace

std::string to_base64url(std::span<const std::uint8_t> bytes) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t pending = 0;
    int bits = 0;
    for (const auto byte : bytes) {
        pending = pending << 8 | byte;
        for (bits += 8; bits >= 6; bits -= 6) text += kAlphabet[pending >> (bits - 6) & 63];
    }
    if (bits > 0) text += kAlphabet[pending << (6 - bits) & 63];
    return text;
}

bool is_base64url(std::string_view text) {
    std::uint8_t digits = 0;
    for (const char c : text) digits |= digit_of(c);
    return digits < kAlphabet.size() && has_canonical_end(text);
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes(text.size() * 3 / 4, '\0');
    auto* const into = reinterpret_cast<std::uint8_t*>(bytes.data());
    if (!decode_base64url(text, {into, bytes.size()})) return std::nullopt;
    return bytes;
}

bool decode_base64url(std::string_view text, std::span<std::uint8_t> into) {
    if (text.size() * 3 / 4 != into.size() || !is_base64url(text)) return false;
    std::uint32_t pending = 0;
    int bits = 0;
    auto to = into.begin();
    for (const char c : text) {
        pending = pending << 6 | digit_of(c);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        *to++ = static_cast<std::uint8_t>(pending >> bits);
    }
    return true;
}

}  // namespace policy
