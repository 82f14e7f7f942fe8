#pragma once

// Result<T> is a value, or the Error that explains why there is none.

#include <string>
#include <utility>

#include <tl/expected.hpp>

#include "policy/base/reason.h"

namespace policy {

struct Error {
    Reason reason;
    std::string context;  // For the operator's log only: never sent to a client, never a secret.
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Reason reason, std::string context = {}) {
    return tl::unexpected(Error{reason, std::move(context)});
}

// A coroutine cannot `co_return {}` a Result<void>; it returns ok().
inline Result<void> ok() {
    return {};
}

}  // namespace policy
