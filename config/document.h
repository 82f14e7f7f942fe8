#pragma once

// The policy text as a tree of marked nodes. The only part that knows the YAML library; what that
// library lets pass and a policy must not hold is refused here: duplicate keys, anchors, aliases,
// tags, a second document, quotes that swallow the rest of the file.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/report.h"

namespace config {

struct Node {
    enum class Kind : std::uint8_t {
        Nothing,  // No value behind the key, `~` or `null`.
        Refused,  // Complained about already.
        Text,
        List,
        Map,
    };
    Kind kind = Kind::Nothing;
    Mark mark;
    std::string text;
    bool is_quoted = false;
    std::vector<Node> children;  // Of a List or Map.

    std::string key;  // What a Map calls this child.
    Mark key_mark;
};

inline constexpr std::size_t kLargestPolicy = 1024 * 1024;

// Nothing when the text cannot be read to its end; then `report` says why. With other complaints
// the tree is still good enough to look for more.
[[nodiscard]] std::optional<Node> parse_document(const std::string& text, Report& report);

}  // namespace config
