#pragma once

// The learned rule applied to what it was learned from, before anybody is shown it.

#include "policy/learn/learned.h"

namespace policy::learn {

// One sentence for each exchange that the rule takes for something else than it was; empty when the
// rule tells it all. Applies the values of learned.h; that the gateway takes the written rule in the
// same sense is tested with every recording in tests/cases/recordings.
[[nodiscard]] Remarks self_check(const LearnedLogin& login, const Recording& recording);

}  // namespace policy::learn
