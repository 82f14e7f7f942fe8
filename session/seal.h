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

// The first key seals, all open, as with a KeyRing. Keys are derived from those of the cookies, and
// equal none of them.
class Sealer {
public:
    // `keys` is not empty.
    explicit Sealer(const std::vector<CookieKey>& keys);

    // `<key id>.<base64url of nonce, ciphertext and tag>`. `context` is not in it and has to be the
    // same to open it. Errors: RandomUnavailable.
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
    using Key = policy::SecretValue<std::array<std::uint8_t, 32>>;
    struct Entry {
        std::string id;
        Key key;
    };
    std::vector<Entry> entries_;
};

}  // namespace session
