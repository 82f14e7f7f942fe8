#pragma once

// Text as protocols see it: ASCII case, hexadecimal, base64url, percent-encoding, globs.
// Nothing here knows a locale.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace policy {

// RFC 9110 §5.6.2 tchar.
[[nodiscard]] bool is_token_char(char c);
[[nodiscard]] bool is_token(std::string_view text);  // One or more tchar.

[[nodiscard]] char ascii_lower(char c);
[[nodiscard]] std::string ascii_lower(std::string_view text);

// Of texts that differ in length nothing is looked at, and of equal ones case is not: so ends
// nearly every comparison of field names.
[[nodiscard]] bool are_equal_when_folded(std::string_view left, std::string_view right);
[[nodiscard]] inline bool equals_ignoring_case(std::string_view left, std::string_view right) {
    return left.size() == right.size() && (left == right || are_equal_when_folded(left, right));
}

// Optional whitespace (space and tab, RFC 9110 §5.6.3) off both ends.
[[nodiscard]] std::string_view trim(std::string_view text);

// Calls `take(item)` for each comma-separated item of a list field, trimmed, empty ones skipped
// (RFC 9110 §5.6.1). Quoted strings are not understood: use it for lists of tokens only.
template <class Take>
void for_each_list_item(std::string_view list, Take take) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        const auto item = trim(list.substr(0, comma));
        if (!item.empty()) take(item);
        if (comma == std::string_view::npos) return;
        list.remove_prefix(comma + 1);
    }
}

[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);  // Lower case.
// False, with anything in `into`, unless `text` is lower case and stands for exactly so many bytes.
[[nodiscard]] bool decode_hex(std::string_view text, std::span<std::uint8_t> into);

// RFC 4648 §5 without padding.
[[nodiscard]] std::string to_base64url(std::span<const std::uint8_t> bytes);
// Accepts only the canonical form: no padding, no stray bits in the last character.
[[nodiscard]] bool is_base64url(std::string_view text);
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);
// The same without an allocation: false, with anything in `into`, unless `text` stands for exactly
// so many bytes.
[[nodiscard]] bool decode_base64url(std::string_view text, std::span<std::uint8_t> into);

// Decodes each %XX once; nothing when one is malformed.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

// application/x-www-form-urlencoded: `+` is a space (WHATWG URL §5.1).
[[nodiscard]] std::optional<std::string> form_decode(std::string_view text);

// Encodes every byte outside visible ASCII, and `%` itself, as %XX: what is left can stand in any
// header field and can be decoded again without loss (IDF-004).
[[nodiscard]] std::string encode_for_header(std::string_view text);

// `*` stands for any run of characters, also none; everything else for itself.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text);

[[nodiscard]] bool is_valid_utf8(std::string_view text);

// Decimal digits only, no sign, no leading blanks; nothing on overflow.
[[nodiscard]] std::optional<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace policy
