#pragma once

// Client addresses and the networks they belong to, as values. IPv4-mapped IPv6 addresses are
// IPv4 addresses (BND-002).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace policy {

class IpAddress {
public:
    IpAddress() = default;  // 0.0.0.0
    static IpAddress v4(std::array<std::uint8_t, 4> bytes);
    static IpAddress v6(std::array<std::uint8_t, 16> bytes);  // Unmaps ::ffff:a.b.c.d.
    static std::optional<IpAddress> parse(std::string_view text);

    [[nodiscard]] bool is_v4() const { return is_v4_; }
    [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

    // Canonical text (RFC 5952 for IPv6).
    [[nodiscard]] std::string text() const;

    // With the bits behind the first `bits` cleared; more bits than the family has keep all.
    [[nodiscard]] IpAddress masked(unsigned bits) const;

    bool operator==(const IpAddress&) const = default;

private:
    bool is_v4_ = true;
    std::array<std::uint8_t, 16> bytes_{};  // IPv4 uses the first four.
};

// How many leading bits name a network, per family.
struct PrefixLengths {
    unsigned v4 = 24;
    unsigned v6 = 56;
};

struct Network {
    IpAddress address;  // Masked.
    unsigned bits = 0;

    [[nodiscard]] std::string text() const;  // `192.0.2.0/24`
    bool operator==(const Network&) const = default;
};

[[nodiscard]] Network network_of(const IpAddress& address, PrefixLengths lengths);

}  // namespace policy
