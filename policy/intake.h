#pragma once

// A head that was read becomes the facts that everything else is decided on. Whatever could be
// understood in two ways is refused here.

#include <string_view>

#include "policy/base/result.h"
#include "policy/facts.h"
#include "policy/http/message.h"

namespace policy {

// `target` is that of the head without session ids (http/path_parameters.h); the one in the head is
// not looked at. Views in the result point into both. Errors: BadTarget, AmbiguousPath, BadHost,
// BadFieldValue (Content-Type twice).
[[nodiscard]] Result<RequestFacts> read_facts(const RequestHead& head, std::string_view target,
                                              const IpAddress& client);

}  // namespace policy
