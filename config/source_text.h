#pragma once

// What the bytes of a policy file must be before the YAML library sees them: few enough, UTF-8,
// and free of control bytes, some of which that library takes for the end of the file.

#include <string_view>

#include "config/report.h"

namespace config {

// False after the first complaint: more of them would say the same.
[[nodiscard]] bool check_source_text(std::string_view text, Report& report);

}  // namespace config
