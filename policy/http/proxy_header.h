#pragma once

// The header of the PROXY protocol, versions 1 and 2, by which a proxy says at the beginning of a
// connection whom it speaks for. Read in pieces that never reach beyond its end, because TLS begins
// right behind it.

#include <optional>
#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/http/network.h"

namespace policy {

class ProxyHeaderReader {
public:
    // How many bytes may be taken off the connection next; 0 when the header is complete.
    [[nodiscard]] std::size_t wants() const;

    // `bytes` are at most as many as wants() said. Errors: BadProxyHeader.
    [[nodiscard]] Result<void> feed(std::string_view bytes);

    // Of the complete header: whom the proxy speaks for. Nothing: for itself (LOCAL, UNKNOWN).
    [[nodiscard]] const std::optional<IpAddress>& client() const { return client_; }

private:
    [[nodiscard]] Result<void> read_text();
    [[nodiscard]] Result<void> read_binary();

    std::string bytes_;
    bool is_complete_ = false;
    std::optional<IpAddress> client_;
};

}  // namespace policy
