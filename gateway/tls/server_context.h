#pragma once

// The TLS parameters of a listener: 1.2 and 1.3 with the six ECDHE-AEAD suites and nothing that
// has ever been a way in (TLS-001). Each worker has a context of its own, so that no reference
// count is shared; the ticket keys are common to all, so that a session can be resumed anywhere.

#include <array>
#include <filesystem>
#include <memory>

#include <openssl/ssl.h>

#include "policy/base/result.h"
#include "session/random.h"

namespace gateway {

struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeContext>;

class TicketKeys {
public:
    // Errors: RandomUnavailable.
    [[nodiscard]] static policy::Result<TicketKeys> generate(session::Random& random);
    ~TicketKeys();
    TicketKeys(const TicketKeys&) = default;
    TicketKeys& operator=(const TicketKeys&) = delete;

    [[nodiscard]] std::array<std::uint8_t, 80>& bytes() { return bytes_; }

private:
    TicketKeys() = default;
    std::array<std::uint8_t, 80> bytes_{};
};

// Errors: Internal, with what is wrong with certificate or key in the context.
[[nodiscard]] policy::Result<TlsContext> make_server_context(
    const std::filesystem::path& certificate, const std::filesystem::path& key,
    TicketKeys& tickets);

}  // namespace gateway
