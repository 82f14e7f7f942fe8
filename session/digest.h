#pragma once

// SHA-256 and HMAC-SHA-256 with what can be computed beforehand kept: a fresh state, and for a key
// the states behind its two padded blocks. Objects do not change in use.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <openssl/sha.h>

#include "policy/base/secret.h"

namespace session {

using Digest = std::array<std::uint8_t, 32>;

// Bytes that stand one behind the other, taken from where they are: no copy to wipe.
using Parts = std::span<const std::string_view>;

class Sha256 {
public:
    Sha256();
    // Failure of the library is a bug, not an input: it ends the process.
    [[nodiscard]] Digest of(Parts message) const;
    [[nodiscard]] Digest of(std::string_view message) const { return of(Parts(&message, 1)); }

private:
    SHA256_CTX fresh_;
};

class HmacSha256 {
public:
    explicit HmacSha256(const policy::Secret& key);
    [[nodiscard]] Digest of(Parts message) const;
    [[nodiscard]] Digest of(std::string_view message) const { return of(Parts(&message, 1)); }

private:
    // As good as the key itself, so as secret.
    policy::SecretValue<SHA256_CTX> inner_;
    policy::SecretValue<SHA256_CTX> outer_;
};

}  // namespace session
