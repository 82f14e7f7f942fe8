#pragma once

// The field section of a head, the same for requests and responses (RFC 9112 §5), and the few
// steps that it shares with the start lines. Only the head readers use it.

#include <cstddef>
#include <string_view>

#include "policy/base/reason.h"
#include "policy/http/field.h"
#include "policy/http/head_reader.h"

namespace policy {

// What came of reading one element: where the next begins, or why there is none, or neither,
// which means that `input` ends too early to say. Small enough to travel in registers.
struct Step {
    std::size_t next = 0;
    Reason reason = Reason::None;
};

enum class LineBreak { None, Incomplete, Bare, Complete };

// What stands at `at`. Only CR LF ends a line: a hop that also takes a bare LF or CR sees other
// fields than one that does not (RFC 9112 §2.2, HTP-003).
[[nodiscard]] LineBreak line_break_at(std::string_view input, std::size_t at);

// The step for a byte at `at` that does not belong there. `otherwise` is the reason unless it is
// half a line break.
[[nodiscard]] Step stop_at(std::string_view input, std::size_t at, Reason otherwise);

// The end of the run of bytes from `at` that tokens or field values may hold.
[[nodiscard]] std::size_t token_end(std::string_view input, std::size_t at);
[[nodiscard]] std::size_t value_end(std::string_view input, std::size_t at);

// Reads the field lines from `at` up to and including the empty line.
[[nodiscard]] Step read_fields(std::string_view input, std::size_t at, const HeadLimits& limits,
                               FieldList& fields);

}  // namespace policy
