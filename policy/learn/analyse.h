#pragma once

// A recording in, a login rule with its reasons out. Start here: analyse.cpp names the questions in
// the order in which they are asked.

#include "policy/learn/learned.h"

namespace policy::learn {

// The recording must be redacted. Always says something: what could not be learned is in `missing`.
[[nodiscard]] Learned analyse(const Recording& recording);

}  // namespace policy::learn
