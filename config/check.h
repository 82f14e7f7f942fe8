#pragma once

// Rules that concern several sections of a policy: names that must exist, rules that could never
// apply, combinations that contradict each other or would lower security unnoticed. Pure.

#include "config/draft.h"
#include "config/report.h"

namespace config {

void check(const Draft& draft, Report& report);

// The part about routes: paths that can never be reached, logins that nobody can get to.
void check_routes(const Draft& draft, Report& report);

}  // namespace config
