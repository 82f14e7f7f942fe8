#pragma once

// One JSON object on one line. Whatever a value holds — quotes, line breaks, terminal escapes,
// bidirectional marks, broken UTF-8 — the line stays one line of plain ASCII (LOG-001).

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

class JsonLine {
public:
    // Appends to `out`, which outlives this.
    explicit JsonLine(std::string& out) : out_(out) { out_.push_back('{'); }
    JsonLine(const JsonLine&) = delete;
    JsonLine& operator=(const JsonLine&) = delete;

    // `name` is a literal of ours and is not escaped.
    void add(std::string_view name, std::string_view text);
    void add(std::string_view name, std::int64_t number);

    // Leaves the field out when there is nothing to say.
    void add_if(std::string_view name, std::string_view text) {
        if (!text.empty()) add(name, text);
    }

    void end() { out_.append("}\n"); }

private:
    void add_name(std::string_view name);

    std::string& out_;
    bool first_ = true;
};

// Text that can stand between the quotes of a JSON string: ASCII only; invalid UTF-8 becomes
// U+FFFD, byte by byte.
void append_escaped(std::string& out, std::string_view text);

}  // namespace gateway
