#pragma once

// What becomes of the backend's cookies: which scripts need, and which the login request carries.

#include "policy/learn/find_login.h"

namespace policy::learn {

// Cookies that must not stay in the vault. Values: the modes of a policy's cookie rules.
[[nodiscard]] std::vector<CookieMode> cookie_modes(const Recording& recording);

// Sets `pre_login_cookies` of `login`, and says why. `page` is that with the login form, or null.
void choose_pre_login_cookies(const Recording& recording, const LoginPair& pair,
                              const Exchange* page, LearnedLogin& login);

// Names of path parameters with ids: `jsessionid`. In lower case.
[[nodiscard]] std::vector<std::string> session_parameters(const Recording& recording);

}  // namespace policy::learn
