#include "policy/base/text.h"

#include <algorithm>
#include <charconv>

#include "policy/base/token_bytes.h"

namespace policy {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

std::optional<unsigned> hex_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    const char lower = ascii_lower(c);
    if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a' + 10);
    return std::nullopt;
}

// The byte of the `%XX` that `text` begins with.
std::optional<char> encoded_byte(std::string_view text) {
    if (text.size() < 3) return std::nullopt;
    const auto high = hex_value(text[1]);
    const auto low = hex_value(text[2]);
    if (!high || !low) return std::nullopt;
    return static_cast<char>(*high << 4 | *low);
}

std::optional<std::string> decode(std::string_view text, char space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const auto byte = encoded_byte(text.substr(i));
            if (!byte) return std::nullopt;
            decoded += *byte;
            i += 2;
        } else {
            decoded += text[i] == space ? ' ' : text[i];
        }
    }
    return decoded;
}

}  // namespace

bool is_token_char(char c) {
    return kTokenBytes[static_cast<std::uint8_t>(c)];
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

std::string ascii_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = ascii_lower(c);
    return lower;
}

bool are_equal_when_folded(std::string_view left, std::string_view right) {
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (ascii_lower(left[i]) != ascii_lower(right[i])) return false;
    }
    return true;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        hex += kDigits[byte >> 4];
        hex += kDigits[byte & 15];
    }
    return hex;
}

bool decode_hex(std::string_view text, std::span<std::uint8_t> into) {
    if (text.size() != into.size() * 2) return false;
    for (std::size_t i = 0; i < into.size(); ++i) {
        const auto high = kDigits.find(text[2 * i]), low = kDigits.find(text[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return false;
        into[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return true;
}

std::optional<std::string> percent_decode(std::string_view text) {
    return decode(text, ' ');
}

std::optional<std::string> form_decode(std::string_view text) {
    return decode(text, '+');
}

std::string encode_for_header(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (c > ' ' && c < '\x7f' && c != '%') {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<std::uint8_t>(c);
        encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return encoded;
}

bool matches_glob(std::string_view pattern, std::string_view text) {
    // One star to go back to is enough: the last one can take up whatever earlier ones could.
    std::size_t at = 0, star = std::string_view::npos, star_text = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            star_text = i;
        } else if (at < pattern.size() && pattern[at] == text[i]) {
            ++at;
            ++i;
        } else if (star != std::string_view::npos) {
            at = star + 1;
            i = ++star_text;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    // from_chars takes no sign for unsigned types, no blanks and no prefix.
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

}  // namespace policy
