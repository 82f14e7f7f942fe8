#pragma once

// What tells a successful login from a failed one. The most robust signs first: status, Location,
// a cookie, a header, JSON, a piece of the page; two where there are two; and where the answers are
// alike, the next request.

#include "policy/learn/find_login.h"

namespace policy::learn {

// Sets success, failure, confirm and body_limit of `login`, whose page and user are set, and says
// why in its remarks. When nothing tells the two apart, `missing` says so and success stays empty.
void find_outcome(const Recording& recording, const LoginPair& pair, LearnedLogin& login,
                  Remarks& missing);

}  // namespace policy::learn
