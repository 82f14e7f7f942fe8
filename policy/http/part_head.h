#pragma once

// The head of one part of a multipart/form-data body, as browsers write it (RFC 7578 §4, HTML
// §4.10.21.7): a name in quotes, for files also a file name and a type, and nothing else.

#include <cstdint>
#include <optional>
#include <string_view>

namespace policy {

struct PartHead {
    enum class Kind : std::uint8_t { Text, File };
    Kind kind = Kind::Text;
    std::string_view name;  // As it stands. Views into the head.
};

// `head` ends before its empty line. Nothing when anything in it has a second reading: another
// field, one that comes twice, a folded line, a bare line break, a control character, an escape or
// an encoded word in the name, an extended parameter, a text that is not in UTF-8, a nested body.
[[nodiscard]] std::optional<PartHead> read_part_head(std::string_view head);

}  // namespace policy
