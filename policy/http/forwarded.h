#pragma once

// Where a request comes from when proxies stand before us (BND-002, IDF-005): the peer of the
// connection, unless that is a listed proxy; then who that proxy names, and so on from the right.

#include <vector>

#include "policy/base/result.h"
#include "policy/http/field.h"
#include "policy/http/network.h"

namespace policy {

enum class ForwardHeader : std::uint8_t {
    None,           // Proxies are believed in the PROXY protocol only.
    XForwardedFor,  // `X-Forwarded-For: client, proxy`
    Forwarded,      // RFC 7239
};

struct TrustedProxies {
    std::vector<Network> networks;
    ForwardHeader header = ForwardHeader::XForwardedFor;

    [[nodiscard]] bool contains(const IpAddress& address) const;
};

// The one field that is believed stands for all of its name, as a list. A listed proxy that names
// nobody speaks for itself. Errors: BadForwarded, when an entry that matters is no address, or
// there are more than 32.
[[nodiscard]] Result<IpAddress> client_address(const TrustedProxies& proxies,
                                               const FieldList& fields, const IpAddress& peer);

}  // namespace policy
