#pragma once

// The name under which PHP finds a cookie. It folds many spellings into one, so that a client
// could send a cookie that the policy keeps from it under a name that the policy does not know.

#include <string>
#include <string_view>

namespace policy {

// For a name that is a token. Empty when PHP leaves it as it is. Old versions decode `%` and `+`
// (PHP bug 79699), all make `_` of dots, blanks and an opening bracket.
[[nodiscard]] std::string php_name(std::string_view cookie_name);

}  // namespace policy
