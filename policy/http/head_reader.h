#pragma once

// Reads the head of an HTTP/1.1 message, strictly: what RFC 9112 lets a recipient repair is
// refused, because the next hop may repair it differently (HTP-001 to HTP-003, HTP-013).
//
// Not Beast's parser, which accepts what a gate must refuse. One pass, no allocation besides the
// field list, views into the caller's buffer.

#include <cstddef>
#include <string_view>

#include "policy/base/result.h"
#include "policy/http/message.h"

namespace policy {

struct HeadLimits {
    std::size_t target = 8192;  // Bytes of the request target.
    std::size_t line = 8192;    // Bytes of one field line.
    std::size_t total = 32767;  // Bytes of the whole head.
    std::size_t fields = 100;
};

// Both return the size of the head in bytes including its empty line, or 0 when `input` does not
// hold a whole head yet and nothing in it is wrong so far. `head` is valid only after a size > 0.
// A limit is an error as soon as `input` shows that it will be passed.
//
// Errors: the Reasons that belong to reading; for responses always BackendMalformed with the
// particular in the context.
[[nodiscard]] Result<std::size_t> read_request_head(std::string_view input,
                                                    const HeadLimits& limits, RequestHead& head);
[[nodiscard]] Result<std::size_t> read_response_head(std::string_view input,
                                                     const HeadLimits& limits, ResponseHead& head);

}  // namespace policy
