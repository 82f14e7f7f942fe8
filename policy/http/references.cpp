#include "policy/http/references.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace policy {

namespace {

constexpr auto kNone = std::string_view::npos;

constexpr std::array<std::pair<std::string_view, char>, 5> kNamed{
    {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};

bool is_character(std::uint32_t code) {
    const bool is_changed = code >= 0x80 && code <= 0x9f;  // HTML §13.2.5.80.
    const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    return code != 0 && code <= 0x10ffff && !is_changed && !is_surrogate;
}

std::optional<std::uint32_t> parse_number(std::string_view digits) {
    const bool is_hexadecimal = digits.starts_with('x') || digits.starts_with('X');
    if (is_hexadecimal) digits.remove_prefix(1);
    std::uint32_t code = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, code, is_hexadecimal ? 16 : 10);
    if (error != std::errc{} || stop != end || !is_character(code)) return std::nullopt;
    return code;
}

std::string to_utf8(std::uint32_t code) {
    const auto low_bits = [](std::uint32_t bits) {
        return static_cast<char>(0x80 | (bits & 0x3f));
    };
    const auto byte = [](std::uint32_t bits) { return static_cast<char>(bits); };
    if (code < 0x80) return {byte(code)};
    if (code < 0x800) return {byte(0xc0 | code >> 6), low_bits(code)};
    if (code < 0x10000) return {byte(0xe0 | code >> 12), low_bits(code >> 6), low_bits(code)};
    return {byte(0xf0 | code >> 18), low_bits(code >> 12), low_bits(code >> 6), low_bits(code)};
}

// What stands between `&` and `;`.
std::optional<std::string> decode_reference(std::string_view name) {
    if (name.starts_with('#')) {
        const auto code = parse_number(name.substr(1));
        return code ? std::optional(to_utf8(*code)) : std::nullopt;
    }
    const auto named = std::find_if(kNamed.begin(), kNamed.end(),
                                    [&](const auto& each) { return each.first == name; });
    if (named == kNamed.end()) return std::nullopt;
    return std::string(1, named->second);
}

}  // namespace

std::optional<std::string> decode_references(std::string_view text) {
    std::string decoded;
    if (text.find('<') != kNone) return std::nullopt;
    for (auto at = text.find('&'); at != kNone; at = text.find('&')) {
        const auto end = text.find(';', at);
        if (end == kNone) return std::nullopt;
        const auto character = decode_reference(text.substr(at + 1, end - at - 1));
        if (!character) return std::nullopt;
        decoded += text.substr(0, at);
        decoded += *character;
        text.remove_prefix(end + 1);
    }
    return decoded += text;
}

}  // namespace policy
