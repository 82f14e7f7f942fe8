#pragma once

// The keys of a backend that say how it is called: by us, and by itself.

#include "config/draft.h"
#include "config/rows.h"
#include "config/value.h"

namespace config {

// `preserve`, or the Host that the backend is sent.
void decode_backend_host(const Value& value, policy::CrossingRules& crossing);

void decode_path_mapping(const Value& value, BackendDraft& draft);
void decode_own_origins(const Value& value, policy::CrossingRules& crossing);

// `rewrite` or `leave`.
[[nodiscard]] Row rewriting_into(policy::CrossingRules::Mode& target);

}  // namespace config
