#include "policy/http/proxy_header.h"

#include <algorithm>
#include <array>

#include "policy/base/text.h"

namespace policy {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSignature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t kBinaryHead = 16;    // Signature, command, family, length.
constexpr std::size_t kLongestText = 107;  // With its line break.
constexpr std::size_t kMostBinary = 512;   // Addresses and whatever a proxy adds behind them.

std::size_t binary_length(std::string_view head) {
    return static_cast<std::size_t>(static_cast<std::uint8_t>(head[14])) << 8 |
           static_cast<std::uint8_t>(head[15]);
}

bool is_binary(std::string_view bytes) {
    return bytes.starts_with(kSignature);
}

// Takes a word and the blank behind it.
std::string_view take_word(std::string_view& text) {
    const auto blank = text.find(' ');
    const auto word = text.substr(0, blank);
    text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
    return word;
}

bool is_port(std::string_view text) {
    const auto port = parse_decimal(text);
    return port && *port <= 65535 && (text == "0" || !text.starts_with('0'));
}

// The source of `TCP4 src dst sport dport`.
std::optional<IpAddress> source_of(std::string_view text) {
    const auto family = take_word(text);
    const auto source = IpAddress::parse(take_word(text));
    const auto target = IpAddress::parse(take_word(text));
    const auto source_port = take_word(text);
    const auto target_port = take_word(text);
    if (!source || !target || !is_port(source_port) || !is_port(target_port) || !text.empty())
        return std::nullopt;
    if (family == "TCP4") return source->is_v4() && target->is_v4() ? source : std::nullopt;
    return family == "TCP6" ? source : std::nullopt;
}

template <std::size_t size>
std::array<std::uint8_t, size> bytes_of(std::string_view text) {
    std::array<std::uint8_t, size> bytes{};
    std::transform(text.begin(), text.begin() + size, bytes.begin(),
                   [](char c) { return static_cast<std::uint8_t>(c); });
    return bytes;
}

}  // namespace

// Both versions have at least twelve bytes, and those tell which it is.
std::size_t ProxyHeaderReader::wants() const {
    if (is_complete_) return 0;
    if (bytes_.size() < kSignature.size()) return kSignature.size() - bytes_.size();
    if (!is_binary(bytes_)) return 1;
    if (bytes_.size() < kBinaryHead) return kBinaryHead - bytes_.size();
    return kBinaryHead + binary_length(bytes_) - bytes_.size();
}

Result<void> ProxyHeaderReader::feed(std::string_view bytes) {
    bytes_.append(bytes);
    const auto seen = std::min(bytes_.size(), kSignature.size());
    const bool may_be_binary = kSignature.starts_with(std::string_view(bytes_).substr(0, seen));
    const bool may_be_text =
        "PROXY "sv.starts_with(std::string_view(bytes_).substr(0, std::min<std::size_t>(seen, 6)));
    if (!may_be_binary && !may_be_text) return fail(Reason::BadProxyHeader);
    if (bytes_.size() < kSignature.size()) return ok();
    return may_be_binary ? read_binary() : read_text();
}

Result<void> ProxyHeaderReader::read_text() {
    if (bytes_.size() > kLongestText) return fail(Reason::BadProxyHeader);
    if (!bytes_.ends_with('\n')) return ok();
    std::string_view line = bytes_;
    if (!line.ends_with("\r\n")) return fail(Reason::BadProxyHeader);
    line.remove_suffix(2);
    line.remove_prefix("PROXY "sv.size());
    is_complete_ = true;
    if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return ok();
    client_ = source_of(line);
    if (!client_) return fail(Reason::BadProxyHeader);
    return ok();
}

Result<void> ProxyHeaderReader::read_binary() {
    if (bytes_.size() < kBinaryHead) return ok();
    const auto version = static_cast<std::uint8_t>(bytes_[12]) >> 4;
    const auto command = static_cast<std::uint8_t>(bytes_[12]) & 0x0f;
    const auto family = static_cast<std::uint8_t>(bytes_[13]);
    const auto length = binary_length(bytes_);
    if (version != 2 || command > 1 || length > kMostBinary) return fail(Reason::BadProxyHeader);
    if (bytes_.size() < kBinaryHead + length) return ok();
    is_complete_ = true;
    if (command == 0) return ok();  // LOCAL: a health check of the proxy's own.
    const auto addresses = std::string_view(bytes_).substr(kBinaryHead);
    if (family == 0x11 && length >= 12) {
        client_ = IpAddress::v4(bytes_of<4>(addresses));
    } else if (family == 0x21 && length >= 36) {
        client_ = IpAddress::v6(bytes_of<16>(addresses));
    } else {
        return fail(Reason::BadProxyHeader);  // Not TCP: nobody that could talk to us.
    }
    return ok();
}

}  // namespace policy
