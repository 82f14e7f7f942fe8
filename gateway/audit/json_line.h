#pragma once

// One audit line: a JSON object that begins with the version of its schema. Whatever a value holds
// — quotes, line breaks, terminal escapes, bidirectional marks, broken UTF-8 — the line stays one
// line of plain ASCII (LOG-001).

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/audit/line_buffer.h"

namespace gateway {

// A name with all that stands before its value, put together by the compiler: `,"event":"`.
template <std::size_t kSize>
struct FieldName {
    consteval FieldName(const char (&name)[kSize]) {
        auto to = std::copy_n(",\"", 2, opening.begin());
        to = std::copy_n(name, kSize - 1, to);
        std::copy_n("\":\"", 3, to);
    }
    // Before a number there is no quote.
    [[nodiscard]] constexpr std::size_t before_number() const { return opening.size() - 1; }

    std::array<char, kSize + 4> opening{};
};

class JsonLine {
public:
    // Appends to `out`, which outlives this.
    explicit JsonLine(LineBuffer& out) : out_(out) { append("{\"v\":1"); }
    JsonLine(const JsonLine&) = delete;
    JsonLine& operator=(const JsonLine&) = delete;

    // Our own words only: nobody looks whether there is something to escape.
    template <FieldName kName>
    void word(std::string_view ours);

    // Anybody's text, escaped.
    template <FieldName kName>
    void text(std::string_view value);
    void text(std::string_view name, std::string_view value);  // `name` is a word of ours.

    template <FieldName kName>
    void number(std::int64_t value);

    void end() { append("}\n"); }

private:
    void append(std::string_view ours);

    LineBuffer& out_;
};

// Text that can stand between the quotes of a JSON string: ASCII only; invalid UTF-8 becomes
// U+FFFD, byte by byte.
void append_escaped(std::string& out, std::string_view text);

// The same to a place with room for kMostEscaped bytes for each of `text`; returns its end.
inline constexpr std::size_t kMostEscaped = 6;
[[nodiscard]] char* write_escaped(char* to, std::string_view text);

template <FieldName kName>
void JsonLine::word(std::string_view ours) {
    char* to = out_.room(kName.opening.size() + ours.size() + 1);
    to = std::copy(kName.opening.begin(), kName.opening.end(), to);
    to = std::copy(ours.begin(), ours.end(), to);
    *to++ = '"';
    out_.end_at(to);
}

template <FieldName kName>
void JsonLine::text(std::string_view value) {
    char* to = out_.room(kName.opening.size() + kMostEscaped * value.size() + 1);
    to = std::copy(kName.opening.begin(), kName.opening.end(), to);
    to = write_escaped(to, value);
    *to++ = '"';
    out_.end_at(to);
}

template <FieldName kName>
void JsonLine::number(std::int64_t value) {
    constexpr std::size_t kDigits = 20;  // And a sign.
    char* to = out_.room(kName.before_number() + kDigits);
    to = std::copy_n(kName.opening.begin(), kName.before_number(), to);
    out_.end_at(std::to_chars(to, to + kDigits, value).ptr);
}

}  // namespace gateway
