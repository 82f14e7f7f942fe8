#pragma once

// The beginning of an answer's body, read before anything of the answer goes on, because what the
// answer means hangs on it.

#include <optional>
#include <string>

#include "gateway/io/upstream.h"
#include "policy/answer.h"

namespace gateway {

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
