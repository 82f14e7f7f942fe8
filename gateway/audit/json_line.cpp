#include "gateway/audit/json_line.h"

#include <array>
#include <cstring>

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

char* write_unit(char* to, std::uint32_t unit) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    to = std::copy_n("\\u", 2, to);
    for (int shift = 12; shift >= 0; shift -= 4) *to++ = kDigits[(unit >> shift) & 0xF];
    return to;
}

char* write_code_point(char* to, std::uint32_t value) {
    if (value < 0x10000) return write_unit(to, value);
    to = write_unit(to, 0xD800 + ((value - 0x10000) >> 10));
    return write_unit(to, 0xDC00 + ((value - 0x10000) & 0x3FF));
}

constexpr bool is_plain(char c) {
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';  // Beyond ASCII `char` is negative.
}

using EightBytes = std::uint64_t;

constexpr EightBytes eight_times(char c) {
    return 0x0101010101010101U * static_cast<EightBytes>(c);
}

// What is_plain() says of eight bytes at once. Each term has the highest bit of a byte set when
// that byte is, in turn: beyond ASCII, DEL, a control character, a quote, a backslash. A carry can
// set a neighbour's bit too, but only where there is something to escape anyway.
constexpr bool are_plain(EightBytes bytes) {
    constexpr EightBytes kOnes = eight_times(1);
    const EightBytes found = bytes | (bytes + kOnes) | (bytes - eight_times(' ')) |
                             ((bytes ^ eight_times('"')) - kOnes) |
                             ((bytes ^ eight_times('\\')) - kOnes);
    return (found & (kOnes << 7)) == 0;
}

// Copies what needs no escape off the front of `text`; returns how much that was.
std::size_t copy_plain(char* to, std::string_view text) {
    std::size_t done = 0;
    for (; text.size() - done >= sizeof(EightBytes); done += sizeof(EightBytes)) {
        EightBytes bytes;
        std::memcpy(&bytes, text.data() + done, sizeof bytes);
        if (!are_plain(bytes)) break;
        std::memcpy(to + done, &bytes, sizeof bytes);
    }
    for (; done < text.size() && is_plain(text[done]); ++done) to[done] = text[done];
    return done;
}

}  // namespace

char* write_escaped(char* to, std::string_view text) {
    for (;;) {
        const auto plain = copy_plain(to, text);
        to += plain;
        text.remove_prefix(plain);
        if (text.empty()) return to;
        const auto byte = static_cast<unsigned char>(text[0]);
        const auto point = byte < 0x80 ? CodePoint{byte, 1} : decode(text);
        to = write_code_point(to, point.value);
        text.remove_prefix(point.bytes);
    }
}

void append_escaped(std::string& out, std::string_view text) {
    const auto before = out.size();
    out.resize(before + kMostEscaped * text.size());
    const char* const end = write_escaped(out.data() + before, text);
    out.resize(static_cast<std::size_t>(end - out.data()));
}

void JsonLine::append(std::string_view ours) {
    out_.end_at(std::copy(ours.begin(), ours.end(), out_.room(ours.size())));
}

void JsonLine::text(std::string_view name, std::string_view value) {
    append(",\"");
    append(name);
    append("\":\"");
    out_.end_at(write_escaped(out_.room(kMostEscaped * value.size()), value));
    append("\"");
}

}  // namespace gateway
