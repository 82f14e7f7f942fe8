#pragma once

// Decodes a chunked body piece by piece, without copying (RFC 9112 §7.1). Sizes cannot overflow,
// extensions are bounded and ignored, trailers are bounded and dropped (HTP-008, HTP-009).

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "policy/base/result.h"

namespace policy {

class ChunkedReader {
public:
    struct Piece {
        std::size_t consumed = 0;  // Bytes of the input that are dealt with.
        std::string_view data;     // Body bytes among them, a view into the input; may be empty.
        bool finished = false;     // The last chunk and the trailer section are behind us.
    };

    // Reads up to one run of body bytes from `input`. `consumed` is 0 only when `input` is empty
    // or the body is finished; call again with the rest.
    // Errors: BadChunk; after one the reader must not be used.
    [[nodiscard]] Result<Piece> read(std::string_view input);

private:
    enum class State : std::uint8_t {
        SizeFirst,
        Size,
        Extension,
        SizeLineFeed,
        Data,
        DataReturn,
        DataLineFeed,
        TrailerStart,
        Trailer,
        TrailerLineFeed,
        EndLineFeed,
        Finished
    };

    // Each takes one byte of framing and says whether it may stand there.
    [[nodiscard]] bool step(char c);
    [[nodiscard]] bool expect(char c, char wanted, State next);
    [[nodiscard]] bool read_size_digit(char c);
    [[nodiscard]] bool read_size_line(char c);
    [[nodiscard]] bool read_trailer(char c);

    State state_ = State::SizeFirst;
    std::uint64_t left_ = 0;      // Of the current chunk.
    std::size_t line_bytes_ = 0;  // Of the current size line with its extension.
    std::size_t trailer_bytes_ = 0;
};

}  // namespace policy
