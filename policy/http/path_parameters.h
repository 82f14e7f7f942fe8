#pragma once

// Session ids in paths: `/page;jsessionid=1A2B`, as servlet containers write them as long as they
// have seen no cookie. They end up in histories, logs and Referer, and whoever sends such a link
// chooses the id (SID-003), so they are taken out before anything else reads the path.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "policy/base/arena.h"

namespace policy {

struct StrippedPath {
    std::string_view text;  // The very text that was given when nothing was taken out.
    std::string_view name;  // Of the first parameter taken out, as the policy spells it.
    std::size_t count = 0;
};

// Takes the path parameters called one of `names` (lower case) out of `text`, whose path begins at
// `begin` and goes up to `?` or `#`: in every segment, in any case, with `;`, the name and `=`
// encoded or not, with blanks around the name. What it returns lives in `text` or in `arena`.
[[nodiscard]] StrippedPath strip_path_parameters(std::string_view text, std::size_t begin,
                                                 std::span<const std::string> names, Arena& arena);

// The same for a request target in origin-form or absolute-form.
[[nodiscard]] StrippedPath strip_target(std::string_view target, std::span<const std::string> names,
                                        Arena& arena);

}  // namespace policy
