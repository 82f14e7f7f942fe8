#include "session/bytes.h"

namespace session {

void ByteWriter::number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(0x80 | (value & 0x7f));
    bytes_ += static_cast<char>(value);
}

void ByteWriter::text(std::string_view value) {
    number(value.size());
    bytes_.append(value);
}

void ByteWriter::time(policy::Instant value) {
    number(static_cast<std::uint64_t>(value.time_since_epoch().count()));
}

std::string_view ByteReader::take(std::size_t size) {
    if (size > rest_.size()) ok_ = false;
    if (!ok_) return {};
    const auto bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
}

// Only in its shortest form: there is one way to write a session.
std::uint64_t ByteReader::number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const auto byte = take(1);
        if (!ok_) return 0;
        const auto bits = static_cast<std::uint8_t>(byte.front());
        const bool overflows = shift == 63 && bits > 1;
        const bool is_padded = shift > 0 && bits == 0;
        if (overflows || is_padded) break;
        value |= static_cast<std::uint64_t>(bits & 0x7f) << shift;
        if ((bits & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
}

std::uint64_t ByteReader::count(std::uint64_t most) {
    const auto value = number();
    if (value > most) ok_ = false;
    return ok_ ? value : 0;
}

std::string ByteReader::text() {
    return std::string(take(static_cast<std::size_t>(count(rest_.size()))));
}

policy::Instant ByteReader::time() {
    const auto value = number();
    return policy::Instant(policy::Duration(static_cast<policy::Duration::rep>(value)));
}

}  // namespace session
