#pragma once

// Files that say who is in which groups: `user: [group, ...]` for each user, named by login rules.

#include "config/draft.h"

namespace config {

// Reads the group files of all logins into their rules. What is wrong with one is complained about
// in its own lines.
void read_groups(Draft& draft, Report& report);

}  // namespace config
