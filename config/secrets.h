#pragma once

// The files that a policy names: keys, which nobody else may read and nobody may guess (CFG-005),
// and certificates, which need only be there. Complaints name no file, because a key may have been
// written where its file name belongs.

#include "config/draft.h"
#include "config/report.h"

namespace config {

// Reads the session keys into the settings and checks the files of the listeners.
void read_secrets(Draft& draft, Report& report);

}  // namespace config
