#pragma once

// A question of ours to a backend: who is logged in, asked with the session's own cookies after a
// login that did not say it.

#include "gateway/io/upstream.h"
#include "policy/base/arena.h"
#include "policy/who.h"

namespace gateway {

// Puts `permit`'s question with `fields`, and reads at most `most` bytes of the answer's body.
// Texts live in `arena`. Errors: BackendUnreachable, BackendClosed, BackendTimeout,
// BackendMalformed, when there was no head; a body that breaks off is part of the answer.
[[nodiscard]] Task<policy::Result<policy::AskedAnswer>> put_question(
    UpstreamSource& upstreams, policy::Permit permit, const policy::FieldList& fields,
    std::size_t most, policy::Arena& arena);

}  // namespace gateway
