#include "policy/http/chunked.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "policy/base/text.h"

namespace policy {

namespace {

constexpr std::size_t kMaxSizeLine = 256;
constexpr std::size_t kMaxTrailers = 8192;

std::optional<std::uint64_t> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint64_t>(c - '0');
    const char lower = ascii_lower(c);
    if (lower >= 'a' && lower <= 'f') return static_cast<std::uint64_t>(lower - 'a' + 10);
    return std::nullopt;
}

// Extensions and trailers are dropped, but a line break hidden in one must not be.
bool is_line_byte(char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return (byte >= ' ' && byte != 0x7F) || byte == '\t';
}

}  // namespace

Result<ChunkedReader::Piece> ChunkedReader::read(std::string_view input) {
    Piece piece;
    while (piece.consumed < input.size() && state_ != State::Finished) {
        if (state_ == State::Data) {
            const auto size = std::min<std::uint64_t>(left_, input.size() - piece.consumed);
            piece.data = input.substr(piece.consumed, static_cast<std::size_t>(size));
            piece.consumed += piece.data.size();
            left_ -= size;
            if (left_ == 0) state_ = State::DataReturn;
            return piece;
        }
        if (!step(input[piece.consumed])) return fail(Reason::BadChunk);
        ++piece.consumed;
    }
    piece.finished = state_ == State::Finished;
    return piece;
}

bool ChunkedReader::step(char c) {
    switch (state_) {
        case State::SizeFirst:
            return read_size_digit(c);
        case State::Size:
        case State::Extension:
            return read_size_line(c);
        case State::SizeLineFeed:
            return expect(c, '\n', left_ == 0 ? State::TrailerStart : State::Data);
        case State::DataReturn:
            return expect(c, '\r', State::DataLineFeed);
        case State::DataLineFeed:
            line_bytes_ = 0;
            return expect(c, '\n', State::SizeFirst);
        case State::TrailerStart:
        case State::Trailer:
            return read_trailer(c);
        case State::TrailerLineFeed:
            return expect(c, '\n', State::TrailerStart);
        case State::EndLineFeed:
            return expect(c, '\n', State::Finished);
        case State::Data:
        case State::Finished:
            break;
    }
    return false;
}

bool ChunkedReader::expect(char c, char wanted, State next) {
    state_ = next;
    return c == wanted;
}

bool ChunkedReader::read_size_digit(char c) {
    const auto digit = hex_digit(c);
    if (!digit || left_ > std::numeric_limits<std::uint64_t>::max() >> 4) return false;
    left_ = left_ << 4 | *digit;
    state_ = State::Size;
    return ++line_bytes_ <= kMaxSizeLine;
}

// RFC 9112 §7.1.1, without the blanks that it tolerates before `;`.
bool ChunkedReader::read_size_line(char c) {
    if (c == '\r') return expect(c, '\r', State::SizeLineFeed);
    if (state_ == State::Size && c != ';') return read_size_digit(c);
    state_ = State::Extension;
    return is_line_byte(c) && ++line_bytes_ <= kMaxSizeLine;
}

bool ChunkedReader::read_trailer(char c) {
    const bool is_first = state_ == State::TrailerStart;
    if (c == '\r') return expect(c, '\r', is_first ? State::EndLineFeed : State::TrailerLineFeed);
    state_ = State::Trailer;
    return is_line_byte(c) && ++trailer_bytes_ <= kMaxTrailers;
}

}  // namespace policy
