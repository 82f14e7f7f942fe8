#pragma once

// AES-256-GCM: what is sealed can be neither read nor changed without the key, and belongs to one
// context (RFC 5116).

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "policy/base/secret.h"
#include "session/keyring.h"
#include "session/random.h"

namespace session {

using SealKey = policy::SecretValue<std::array<std::uint8_t, 32>>;

// Nonce, ciphertext and tag, as bytes. `context` is not in it and has to be the same to open it.
// Errors: RandomUnavailable.
[[nodiscard]] policy::Result<std::string> seal_with(const SealKey& key, std::string_view plain,
                                                    std::string_view context, Random& random);
// Nothing for what seal_with() did not make under this key for this context.
[[nodiscard]] std::optional<std::string> open_with(const SealKey& key, std::string_view sealed,
                                                   std::string_view context);

// The first key seals, all open, as with a KeyRing. Keys are derived from those of the cookies, and
// equal none of them.
class Sealer {
public:
    // `keys` is not empty.
    explicit Sealer(const std::vector<CookieKey>& keys);

    // `<key id>.<base64url of what seal_with() makes>`. Errors: RandomUnavailable.
    [[nodiscard]] policy::Result<std::string> seal(std::string_view plain, std::string_view context,
                                                   Random& random) const;

    struct Opened {
        std::string plain;
        bool under_old_key = false;
    };
    // Nothing for what seal() did not make for this context.
    [[nodiscard]] std::optional<Opened> open(std::string_view sealed,
                                             std::string_view context) const;

    // How long the sealed text of so many bytes will be at most.
    [[nodiscard]] static std::size_t size_of(std::size_t plain);

private:
    struct Entry {
        std::string id;
        SealKey key;
    };
    std::vector<Entry> entries_;
};

}  // namespace session
