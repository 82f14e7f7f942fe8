#include "policy/base/text.h"

namespace policy {

namespace {

// What may follow a lead byte (Unicode 15, table 3-7): how many bytes, and the range of the
// first of them, which is what keeps overlong forms and surrogates out.
struct Sequence {
    std::size_t more;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xBF;
};

std::optional<Sequence> sequence_of(std::uint8_t lead) {
    if (lead < 0x80) return Sequence{0};
    if (lead < 0xC2) return std::nullopt;
    if (lead < 0xE0) return Sequence{1};
    if (lead == 0xE0) return Sequence{2, 0xA0, 0xBF};
    if (lead == 0xED) return Sequence{2, 0x80, 0x9F};
    if (lead < 0xF0) return Sequence{2};
    if (lead == 0xF0) return Sequence{3, 0x90, 0xBF};
    if (lead < 0xF4) return Sequence{3};
    if (lead == 0xF4) return Sequence{3, 0x80, 0x8F};
    return std::nullopt;
}

bool continues(std::string_view following, Sequence sequence) {
    if (following.size() < sequence.more) return false;
    for (std::size_t i = 0; i < sequence.more; ++i) {
        const auto byte = static_cast<std::uint8_t>(following[i]);
        const auto low = i == 0 ? sequence.low : std::uint8_t{0x80};
        const auto high = i == 0 ? sequence.high : std::uint8_t{0xBF};
        if (byte < low || byte > high) return false;
    }
    return true;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto sequence = sequence_of(static_cast<std::uint8_t>(text.front()));
        text.remove_prefix(1);
        if (!sequence || !continues(text, *sequence)) return false;
        text.remove_prefix(sequence->more);
    }
    return true;
}

}  // namespace policy
