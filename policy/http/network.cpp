#include "policy/http/network.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "policy/base/text.h"

namespace policy {

namespace {

using Bytes4 = std::array<std::uint8_t, 4>;
using Bytes16 = std::array<std::uint8_t, 16>;
using Groups = std::array<std::uint16_t, 8>;

constexpr auto kNone = std::string_view::npos;

// Takes the text before the first `separator` off the front of `rest`. After the last piece
// nothing is left to take.
std::optional<std::string_view> take_piece(std::optional<std::string_view>& rest, char separator) {
    if (!rest) return std::nullopt;
    const auto end = rest->find(separator);
    const auto piece = rest->substr(0, end);
    rest = end == kNone ? std::nullopt : std::optional(rest->substr(end + 1));
    return piece;
}

// Four decimal numbers. A leading zero means octal to some: refused.
std::optional<Bytes4> parse_v4(std::string_view text) {
    Bytes4 bytes{};
    std::optional rest = text;
    for (auto& byte : bytes) {
        const auto piece = take_piece(rest, '.');
        if (!piece || (piece->size() > 1 && piece->front() == '0')) return std::nullopt;
        const auto number = parse_decimal(*piece);
        if (!number || *number > 255) return std::nullopt;
        byte = static_cast<std::uint8_t>(*number);
    }
    if (rest) return std::nullopt;
    return bytes;
}

std::optional<std::uint16_t> parse_group(std::string_view text) {
    std::uint16_t group = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, group, 16);
    if (text.size() > 4 || error != std::errc{} || stop != end) return std::nullopt;
    return group;
}

struct GroupRun {
    Groups groups{};
    std::size_t count = 0;

    [[nodiscard]] bool add(std::optional<std::uint16_t> group) {
        if (!group || count == groups.size()) return false;
        groups[count++] = *group;
        return true;
    }

    [[nodiscard]] bool add(std::optional<Bytes4> v4) {
        if (!v4 || count + 2 > groups.size()) return false;
        groups[count++] = static_cast<std::uint16_t>((*v4)[0] << 8 | (*v4)[1]);
        groups[count++] = static_cast<std::uint16_t>((*v4)[2] << 8 | (*v4)[3]);
        return true;
    }
};

// Groups separated by single colons; the last may be an IPv4 address.
std::optional<GroupRun> parse_run(std::string_view text) {
    GroupRun run;
    if (text.empty()) return run;
    std::optional rest = text;
    while (const auto piece = take_piece(rest, ':')) {
        const bool is_v4 = !rest && piece->find('.') != kNone;
        if (is_v4 ? !run.add(parse_v4(*piece)) : !run.add(parse_group(*piece))) {
            return std::nullopt;
        }
    }
    return run;
}

Bytes16 to_bytes(const Groups& groups) {
    Bytes16 bytes{};
    for (std::size_t i = 0; i < groups.size(); ++i) {
        bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
        bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 0xFF);
    }
    return bytes;
}

// RFC 4291 §2.2, without zone.
std::optional<Bytes16> parse_v6(std::string_view text) {
    const auto gap = text.find("::");
    auto front = parse_run(text.substr(0, gap));
    if (!front) return std::nullopt;
    if (gap == kNone) {
        if (front->count != front->groups.size()) return std::nullopt;
        return to_bytes(front->groups);
    }
    const auto back = parse_run(text.substr(gap + 2));
    const bool has_early_v4 = text.substr(0, gap).find('.') != kNone;
    if (!back || has_early_v4 || front->count + back->count >= back->groups.size()) {
        return std::nullopt;
    }
    std::copy_n(back->groups.begin(), back->count, front->groups.end() - back->count);
    return to_bytes(front->groups);
}

struct Span {
    std::size_t begin = 0;
    std::size_t size = 0;
};

// RFC 5952 §4.2: the longest run of zero groups, the first of equals, never a single one.
Span longest_zero_run(const Groups& groups) {
    Span longest{groups.size(), 0}, current;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        current = groups[i] != 0 ? Span{i + 1, 0} : Span{current.begin, current.size + 1};
        if (current.size > std::max<std::size_t>(longest.size, 1)) longest = current;
    }
    return longest;
}

std::string text_of_v4(const Bytes16& bytes) {
    std::array<char, 15> text;
    char* const end = text.data() + text.size();
    char* to = text.data();
    for (std::size_t i = 0; i < 4; ++i) {
        if (i > 0) *to++ = '.';
        to = std::to_chars(to, end, bytes[i]).ptr;
    }
    return {text.data(), to};
}

std::string hex_of(std::uint16_t group) {
    std::array<char, 4> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), group, 16).ptr;
    return {digits.data(), end};
}

std::string text_of_v6(const Bytes16& bytes) {
    Groups groups{};
    for (std::size_t i = 0; i < groups.size(); ++i) {
        groups[i] = static_cast<std::uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
    }
    const auto zeros = longest_zero_run(groups);
    std::string text;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (i == zeros.begin) text += "::";
        if (i >= zeros.begin && i < zeros.begin + zeros.size) continue;
        if (!text.empty() && !text.ends_with(':')) text += ':';
        text += hex_of(groups[i]);
    }
    return text;
}

}  // namespace

IpAddress IpAddress::v4(std::array<std::uint8_t, 4> bytes) {
    IpAddress address;
    std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
    return address;
}

IpAddress IpAddress::v6(std::array<std::uint8_t, 16> bytes) {
    constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) {
        return v4({bytes[12], bytes[13], bytes[14], bytes[15]});
    }
    IpAddress address;
    address.is_v4_ = false;
    address.bytes_ = bytes;
    return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    if (text.find(':') == kNone) {
        const auto bytes = parse_v4(text);
        return bytes ? std::optional(v4(*bytes)) : std::nullopt;
    }
    const auto bytes = parse_v6(text);
    return bytes ? std::optional(v6(*bytes)) : std::nullopt;
}

std::string IpAddress::text() const {
    return is_v4_ ? text_of_v4(bytes_) : text_of_v6(bytes_);
}

IpAddress IpAddress::masked(unsigned bits) const {
    IpAddress result = *this;
    for (std::size_t i = 0; i < result.bytes_.size(); ++i) {
        const auto kept = std::min<std::size_t>(8, bits - std::min<std::size_t>(bits, i * 8));
        result.bytes_[i] = static_cast<std::uint8_t>(result.bytes_[i] & (0xFF00 >> kept));
    }
    return result;
}

std::string Network::text() const {
    return address.text() + '/' + std::to_string(bits);
}

Network network_of(const IpAddress& address, PrefixLengths lengths) {
    const unsigned bits = address.is_v4() ? std::min(lengths.v4, 32U) : std::min(lengths.v6, 128U);
    return {address.masked(bits), bits};
}

}  // namespace policy
