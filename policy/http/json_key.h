#pragma once

// Keys of a JSON object that some backend takes for one another, as form_name.h for forms.

#include <string_view>

namespace policy {

// True when a backend may read the member `key` as `wanted`. Go, .NET and Jackson can ignore case
// (Go and Java also that of `ſ`, `ı`, `İ` and the Kelvin sign), readers in C stop at a NUL, and
// layers that rename members take `userName`, `user_name` and `user-name` for one.
[[nodiscard]] bool may_be_same_key(std::string_view key, std::string_view wanted);

}  // namespace policy
