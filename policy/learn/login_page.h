#pragma once

// The page with the login form, and what its form tells.

#include "policy/learn/find_login.h"
#include "policy/learn/html.h"

namespace policy::learn {

// The last page before the first failed login that holds the form; null when none was recorded.
[[nodiscard]] const Exchange* find_login_page(const Recording& recording, const LoginPair& pair);

// Its path and query, without parameters that look like tokens; empty when it cannot be a `page`.
[[nodiscard]] std::string page_target(const Exchange& page, Remarks& remarks);

// Hidden inputs of the page that have a value and come back with the login: tokens, most likely.
[[nodiscard]] std::vector<std::string> hidden_tokens(const Exchange& page,
                                                     const RecordedRequest& login);

// A value that nobody would type: long, with digits among its letters, or an alias.
[[nodiscard]] bool looks_like_token(std::string_view value);

}  // namespace policy::learn
