#pragma once

// How long a message's body is (RFC 9112 §6.3). Request smuggling is refused here: both lengths,
// differing or odd lengths, any coding that is not exactly `chunked` (HTP-001, HTP-002); and a Connection field
// that nominates more fields than anybody needs.

#include <cstdint>

#include "policy/base/result.h"
#include "policy/http/message.h"

namespace policy {

struct Framing {
    enum class Kind : std::uint8_t {
        None,        // No body.
        Length,      // `length` bytes.
        Chunked,     // Until the last chunk.
        UntilClose,  // Until the peer closes; responses only.
    };
    Kind kind = Kind::None;
    std::uint64_t length = 0;
};

// Errors: ConflictingLengths, BadContentLength, BadTransferEncoding, BadConnectionHeader.
[[nodiscard]] Result<Framing> request_framing(const RequestHead& head);

// `request` is the method that was answered: HEAD has no body whatever the fields say.
// Errors: BackendMalformed.
[[nodiscard]] Result<Framing> response_framing(const ResponseHead& head, Method request);

}  // namespace policy
