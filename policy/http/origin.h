#pragma once

// An origin: scheme, host and port of a URL (RFC 6454).

#include <cstdint>
#include <optional>
#include <string_view>

#include "policy/http/authority.h"

namespace policy {

enum class Scheme : std::uint8_t { Http, Https };

// The scheme without its colon, in any case. Nothing for any other.
[[nodiscard]] std::optional<Scheme> parse_scheme(std::string_view text);

[[nodiscard]] constexpr std::uint16_t default_port(Scheme scheme) {
    return scheme == Scheme::Https ? 443 : 80;
}

struct Origin {
    Scheme scheme = Scheme::Http;
    HostName host;
    std::uint16_t port = 80;
    bool operator==(const Origin&) const = default;
};

// `http://host`, `https://host:port` and nothing behind it, no user information.
[[nodiscard]] std::optional<Origin> parse_origin(std::string_view text);

}  // namespace policy
