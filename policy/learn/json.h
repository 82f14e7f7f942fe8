#pragma once

// JSON as a tree of our own (RFC 8259): recordings are written in it, and logins and answers may
// be. Strict: no duplicate keys, no comments, UTF-8 only, at most 64 levels.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "policy/learn/recording.h"

namespace policy::learn {

struct Json {
    enum class Kind : std::uint8_t { Null, Boolean, Number, Text, List, Object };
    Kind kind = Kind::Null;
    std::string text;            // Of a scalar: `true`, `17`, the text itself; `null`.
    std::string key;             // What an Object calls this child.
    std::vector<Json> children;  // Of a List or Object.

    [[nodiscard]] bool is_scalar() const { return kind != Kind::List && kind != Kind::Object; }
    // Of an Object; null when there is none of that name.
    [[nodiscard]] const Json* find(std::string_view name) const;
};

// The error is a sentence without a subject: "is not JSON: ... at byte 17".
[[nodiscard]] tl::expected<Json, std::string> parse_json(std::string_view text);

// All scalars with their RFC 6901 pointers, in order. `""` points to the whole document.
[[nodiscard]] std::vector<NameValue> scalars_of(const Json& json);

void append_json(std::string& to, const Json& json);

// In quotes. Bytes that are not UTF-8 must not be in it.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace policy::learn
