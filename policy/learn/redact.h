#pragma once

// Makes a recording fit to be shown to others: passwords become `redacted`, ids become `c1`, `c2`:
// the same value has the same alias wherever it stands, so that what is learned stays the same.

#include <string>
#include <string_view>

#include "policy/learn/recording.h"

namespace policy::learn {

inline constexpr std::string_view kRedacted = "redacted";

// Taken for a password is the value of
// - a field, parameter or JSON scalar whose name looks like one, and Basic's;
// - a field that differs between a failed login and a successful one and that no page had given;
// - where only one of these two was recorded: every field of it that no page had given but the
//   user's name.
// It is replaced there, and, from four characters on, wherever else it stands as a word.
// Taken for an id is the value of a cookie or path parameter, a bearer token, a JSON scalar whose
// name says `token` or `session`.
[[nodiscard]] Recording redact(Recording recording);

[[nodiscard]] bool is_password_name(std::string_view field_name);

// `c` and digits.
[[nodiscard]] bool is_alias(std::string_view text);

}  // namespace policy::learn
