#pragma once

// Names of form fields that some backend takes for one another. Whoever reads a form in front of a
// backend must not trust a field that the backend may overwrite from another one.

#include <string_view>

namespace policy {

// True when a backend may read `raw`, a name as it stands in a form or query, as the field `wanted`
// or as part of it. PHP drops blanks in front, ends the name at a NUL, reads `.`, blank and an open
// `[` as `_`, and makes an array of `wanted[...]`; ASP.NET ignores case. `raw` may have been cut
// off at its end.
[[nodiscard]] bool may_be_taken_for(std::string_view raw, std::string_view wanted);

}  // namespace policy
