#pragma once

// The learned rule applied to what it was learned from, before anybody is shown it.

#include "policy/learn/learned.h"

namespace policy::learn {

// One sentence for each exchange that the rule takes for something else than it was; empty when the
// rule tells it all. Applies the values of learned.h themselves: once policy/observe.h reads the
// same vocabulary, this is the one function to put on top of it.
[[nodiscard]] Remarks self_check(const LearnedLogin& login, const Recording& recording);

}  // namespace policy::learn
