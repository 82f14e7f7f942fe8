#pragma once

// A draft without complaints into the settings: names become pointers, rules become routes.

#include "config/draft.h"

namespace config {

// Every name in `draft` exists and every path was readable.
[[nodiscard]] Settings freeze(Draft draft, const Report& report);

}  // namespace config
