#include "gateway/audit/json_line.h"

#include <array>
#include <charconv>

namespace gateway {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

struct CodePoint {
    std::uint32_t value;
    std::size_t bytes;
};

constexpr bool is_continuation(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

// The code point at the front of `text`, whose first byte is not ASCII (RFC 3629 §3).
CodePoint decode(std::string_view text) {
    constexpr CodePoint kInvalid{kReplacement, 1};
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return kInvalid;
    std::uint32_t value = lead & (0xFFu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (!is_continuation(byte)) return kInvalid;
        value = (value << 6) | (byte & 0x3Fu);
    }
    constexpr std::array<std::uint32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < kSmallest[size] || value > 0x10FFFF || surrogate) return kInvalid;
    return {value, size};
}

void append_unit(std::string& out, std::uint32_t unit) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kDigits[(unit >> shift) & 0xF]);
}

void append_code_point(std::string& out, std::uint32_t value) {
    if (value < 0x10000) return append_unit(out, value);
    append_unit(out, 0xD800 + ((value - 0x10000) >> 10));
    append_unit(out, 0xDC00 + ((value - 0x10000) & 0x3FF));
}

constexpr bool is_plain(unsigned char byte) {
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && is_plain(static_cast<unsigned char>(text[plain]))) ++plain;
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) return;
        const auto byte = static_cast<unsigned char>(text[0]);
        const auto point = byte < 0x80 ? CodePoint{byte, 1} : decode(text);
        append_code_point(out, point.value);
        text.remove_prefix(point.bytes);
    }
}

void JsonLine::add_name(std::string_view name) {
    if (!first_) out_.push_back(',');
    first_ = false;
    out_.append("\"").append(name).append("\":");
}

void JsonLine::add(std::string_view name, std::string_view text) {
    add_name(name);
    out_.push_back('"');
    append_escaped(out_, text);
    out_.push_back('"');
}

void JsonLine::add(std::string_view name, std::int64_t number) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    add_name(name);
    out_.append(digits.data(), end);
}

}  // namespace gateway
