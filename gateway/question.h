#pragma once

// A question of ours to a backend: who is logged in, asked with the session's own cookies after a
// login that did not say it.

#include <optional>

#include "gateway/io/upstream.h"
#include "policy/base/arena.h"
#include "policy/who.h"

namespace gateway {

// Puts `permit`'s question with `fields`, and reads at most `most` bytes of the answer's body.
// Whatever goes wrong is an answer with status 0, which names nobody. Texts live in `arena`.
[[nodiscard]] Task<policy::AskedAnswer> put_question(UpstreamSource& upstreams,
                                                     policy::Permit permit,
                                                     const policy::FieldList& fields,
                                                     std::size_t most, policy::Arena& arena);

// A beginning of a body that somebody wants to look at.
struct BodyStart {
    std::string text;
    bool is_complete = false;
    std::optional<policy::Error> error;  // The backend broke off.
};

// Reads until the body's end, or until there are `most` bytes or a little more.
[[nodiscard]] Task<BodyStart> read_start(Upstream& upstream, std::size_t most);

// What a condition may read of a body that came with `fields`.
[[nodiscard]] policy::AnswerBody body_of(const BodyStart& start, const policy::FieldList& fields);

}  // namespace gateway
