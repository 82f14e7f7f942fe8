#pragma once

// The operator's log: what somebody has to look at or mend. Who did what is the audit's business.
// Text is escaped, so that nothing that came from outside can forge a line. The only user of
// spdlog is log.cpp.

#include <string_view>

#include "policy/base/reason.h"

namespace gateway {

void log_info(std::string_view text);
void log_warning(std::string_view text);
void log_error(std::string_view text);

// Something failed in an exchange; `context` is an Error's.
void log_problem(policy::Reason reason, std::string_view request_id, std::string_view context);

// Writes to standard error from here on; standard output belongs to the audit.
void start_log();

}  // namespace gateway
