#pragma once

// Does a request come from a page of ours? For what the gateway itself lets browsers do (REV-001,
// XSR-001, XSR-002).

#include "policy/facts.h"

namespace policy {

// By Sec-Fetch-Site, else Origin, else Referer; without any of them, or with one of them twice, no.
[[nodiscard]] bool is_from_own_page(const RequestFacts& request);

}  // namespace policy
