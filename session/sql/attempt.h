#pragma once

// Where SOCI's exceptions end.

#include <exception>
#include <string>
#include <utility>

#include "policy/base/result.h"

namespace session::sql {

// Runs `work`; what it throws is an error of ours. Errors: StoreUnavailable.
template <class Work>
[[nodiscard]] auto attempt(Work work) -> policy::Result<decltype(work())> {
    try {
        return work();
    } catch (const std::exception& failure) {
        std::string why = failure.what();
        // PostgreSQL's messages go on with a line's end and a picture of the place.
        why.resize(std::min(why.size(), why.find('\n')));
        return policy::fail(policy::Reason::StoreUnavailable, "sql: " + why);
    }
}

}  // namespace session::sql
