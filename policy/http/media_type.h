#pragma once

// The value of Content-Type (RFC 9110 §8.3.1). Backends differ much in how they read a strange one,
// so only what has one reading is read.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

struct MediaType {
    struct Parameter {
        std::string name;  // Lower case.
        std::string value;
    };
    std::string name;  // Lower case: `application/json`.
    std::vector<Parameter> parameters;

    // Null when there is none of that name.
    [[nodiscard]] const std::string* parameter(std::string_view lower_name) const;

    // True when no charset is named, or UTF-8.
    [[nodiscard]] bool is_utf8() const;
};

// Nothing when a parameter comes twice, has an extended name (`charset*`, RFC 8187) or holds a
// quoted pair, or when anything else is out of order.
[[nodiscard]] std::optional<MediaType> parse_media_type(std::string_view text);

}  // namespace policy
