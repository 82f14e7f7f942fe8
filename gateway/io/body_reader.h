#pragma once

// Takes a body out of the bytes that follow a head, whichever way it is framed (RFC 9112 §6.3).

#include <cstdint>
#include <string_view>

#include "policy/base/result.h"
#include "policy/http/chunked.h"
#include "policy/http/framing.h"

namespace gateway {

class BodyReader {
public:
    BodyReader() = default;
    explicit BodyReader(const policy::Framing& framing)
        : framing_(framing),
          left_(framing.length),
          finished_(framing.kind == policy::Framing::Kind::None ||
                    (framing.kind == policy::Framing::Kind::Length && framing.length == 0)) {}

    struct Piece {
        std::size_t consumed = 0;
        std::string_view data;  // May be empty although bytes were consumed.
    };

    // Takes what it can from `input`. Errors: BadChunk.
    [[nodiscard]] policy::Result<Piece> take(std::string_view input);

    // The peer closed. Errors: ClientClosed when the body is not complete by that.
    [[nodiscard]] policy::Result<void> end_of_input();

    [[nodiscard]] bool is_finished() const { return finished_; }

    // True when `available` unread bytes hold all of the rest, as far as that can be told.
    [[nodiscard]] bool is_covered_by(std::size_t available) const {
        return finished_ || (framing_.kind == policy::Framing::Kind::Length && left_ <= available);
    }

private:
    policy::Framing framing_;
    std::uint64_t left_ = 0;
    bool finished_ = true;
    policy::ChunkedReader chunks_;
};

}  // namespace gateway
