#pragma once

// The host that a request is for: exactly one, from Host or the absolute-form target (HTP-004).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/http/message.h"

namespace policy {

// A registered name, IPv4 address or bracketed IPv6 address in lower case, without trailing dot
// and port. Only parse_authority makes one.
class HostName {
public:
    [[nodiscard]] const std::string& text() const { return text_; }
    bool operator==(const HostName&) const = default;

private:
    HostName() = default;
    friend Result<struct Authority> parse_authority(std::string_view text);
    std::string text_;
};

struct Authority {
    HostName host;
    std::optional<std::uint16_t> port;  // As written; nothing when absent.
};

// `host` or `host:port` (RFC 3986 §3.2.2 without userinfo). Errors: BadHost.
[[nodiscard]] Result<Authority> parse_authority(std::string_view text);

// The authority of a request: that of an absolute-form target when there is one, which then wins
// over Host (RFC 9112 §3.2.2). Host must be there exactly once; HTTP/1.0 is no exception, because
// a gate does not guess. `target_authority` is empty for origin-form.
// Errors: BadHost.
[[nodiscard]] Result<Authority> request_authority(const RequestHead& head,
                                                  std::string_view target_authority);

}  // namespace policy
