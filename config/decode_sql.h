#pragma once

// session.store.sql.

#include "config/draft.h"
#include "config/value.h"

namespace config {

void decode_sql(const Value& value, Draft& draft);

}  // namespace config
