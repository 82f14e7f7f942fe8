#pragma once

// What the backend does badly, as sentences for whoever runs it. Most of it is mended by the gate;
// the list tells what would be open without it.

#include "policy/learn/find_login.h"

namespace policy::learn {

// `pair` is null when no login was found.
[[nodiscard]] Remarks find_weaknesses(const Recording& recording, const LoginPair* pair);

}  // namespace policy::learn
