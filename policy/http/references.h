#pragma once

// Character references of HTML: a page that names somebody spells `O'Neil & Söhne` with them.

#include <optional>
#include <string>
#include <string_view>

namespace policy {

// The text between two tags, or in an attribute, as UTF-8. Known are `&amp;` `&lt;` `&gt;` `&quot;`
// `&apos;` and numbers, decimal and hexadecimal, each with its semicolon. Nothing when there is any
// other `&`, the number of no character (0, a surrogate, beyond U+10FFFF) or one that browsers
// change (U+0080 to U+009F), or a `<`: then it was no text.
[[nodiscard]] std::optional<std::string> decode_references(std::string_view text);

}  // namespace policy
