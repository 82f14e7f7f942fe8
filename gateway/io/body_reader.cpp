#include "gateway/io/body_reader.h"

#include <algorithm>

namespace gateway {

using Kind = policy::Framing::Kind;

policy::Result<BodyReader::Piece> BodyReader::take(std::string_view input) {
    if (finished_ || input.empty()) return Piece{};
    if (framing_.kind == Kind::UntilClose) return Piece{input.size(), input};
    if (framing_.kind == Kind::Length) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
        left_ -= size;
        finished_ = left_ == 0;
        return Piece{size, input.substr(0, size)};
    }
    const auto piece = chunks_.read(input);
    if (!piece) return tl::unexpected(piece.error());
    finished_ = piece->finished;
    return Piece{piece->consumed, piece->data};
}

policy::Result<void> BodyReader::end_of_input() {
    if (framing_.kind == Kind::UntilClose) finished_ = true;
    if (finished_) return policy::ok();
    return policy::fail(policy::Reason::ClientClosed);
}

}  // namespace gateway
