#pragma once

// SHA-256 and HMAC-SHA-256 with kept OpenSSL contexts: one-shot calls cost four times as much
// (performance.md §3). Objects are for one thread.

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include <openssl/evp.h>

#include "policy/base/secret.h"

namespace session {

using Digest = std::array<std::uint8_t, 32>;

class Sha256 {
public:
    Sha256();
    // Failure of the library is a bug, not an input: it ends the process.
    [[nodiscard]] Digest of(std::string_view bytes);

private:
    struct Free {
        void operator()(EVP_MD* md) const { EVP_MD_free(md); }
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD, Free> md_;
    std::unique_ptr<EVP_MD_CTX, Free> context_;
};

class HmacSha256 {
public:
    explicit HmacSha256(const policy::Secret& key);
    [[nodiscard]] Digest of(std::string_view bytes);

private:
    struct Free {
        void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
    };
    std::unique_ptr<EVP_MAC_CTX, Free> context_;
};

}  // namespace session
