#pragma once

// A head that was read becomes the facts that everything else is decided on. Whatever could be
// understood in two ways is refused here.

#include "policy/base/result.h"
#include "policy/facts.h"
#include "policy/http/message.h"

namespace policy {

// Views in the result point into `head`. Errors: BadTarget, AmbiguousPath, BadHost, BadFieldValue
// (Content-Type twice).
[[nodiscard]] Result<RequestFacts> read_facts(const RequestHead& head, const IpAddress& client);

}  // namespace policy
