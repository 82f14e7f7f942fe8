#pragma once

// The limits of NIST SP 800-63B-4 for sessions of an assurance level, and whether a policy keeps
// them (LIF-003).

#include "config/settings.h"
#include "config/value.h"

namespace config {

// Complains about an absolute limit beyond that of AAL3, which is hard; warns of everything else
// that has no reason. `value` is the section of the session.
void check_assurance(const Value& value, const session::Lifetime& users,
                     const AssuranceSettings& assurance);

}  // namespace config
