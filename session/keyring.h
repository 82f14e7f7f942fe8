#pragma once

// The keys that authenticate session cookies (SID-006): the first signs, all verify, so that keys
// can be replaced without logging anybody out.

#include <string>
#include <string_view>
#include <vector>

#include "policy/base/secret.h"
#include "session/digest.h"

namespace session {

// A key as the policy file names it. `id` is 1 to 8 letters or digits and appears in the cookie.
struct CookieKey {
    std::string id;
    policy::Secret bytes;  // At least 32.
};

class KeyRing {
public:
    static constexpr std::size_t kTagCharacters = 22;  // 128 bits of HMAC-SHA-256, base64url.

    // `keys` is not empty and its ids differ.
    explicit KeyRing(const std::vector<CookieKey>& keys);

    [[nodiscard]] const std::string& signing_id() const { return entries_.front().id; }

    // The tag of `message` under the signing key.
    [[nodiscard]] std::string sign(Parts message) const;

    enum class Verdict { Genuine, GenuineUnderOldKey, Forged };
    // Compares in constant time. An unknown `key_id` is Forged.
    [[nodiscard]] Verdict verify(std::string_view key_id, Parts message,
                                 std::string_view tag) const;

private:
    struct Entry {
        std::string id;
        HmacSha256 mac;
    };
    std::vector<Entry> entries_;
};

}  // namespace session
