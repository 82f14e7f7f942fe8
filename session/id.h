#pragma once

// The session id is the secret in the cookie; the session key is what the store sees (SID-004).
// There is no way from the key back to the id.

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/base/secret.h"
#include "policy/base/strong.h"
#include "session/digest.h"
#include "session/random.h"

namespace session {

// 32 random bytes as 43 characters of base64url (SID-001).
class SessionId {
public:
    static constexpr std::size_t kBytes = 32;
    static constexpr std::size_t kCharacters = 43;

    // Errors: RandomUnavailable.
    [[nodiscard]] static policy::Result<SessionId> generate(Random& random);
    // Accepts exactly the canonical 43 characters.
    [[nodiscard]] static std::optional<SessionId> parse(std::string_view text);

    // The only way out, as from a Secret.
    [[nodiscard]] std::string_view reveal() const {
        return {text_.reveal().data(), text_.reveal().size()};
    }

private:
    explicit SessionId(std::string_view text);  // kCharacters long.
    policy::SecretValue<std::array<char, kCharacters>> text_;
};

// SHA-256 of the id under a prefix of its own, so that no other digest of ours equals it.
class SessionKey {
public:
    [[nodiscard]] static SessionKey of(const SessionId& id, const Sha256& sha);

    [[nodiscard]] const Digest& bytes() const { return bytes_; }
    auto operator<=>(const SessionKey&) const = default;

private:
    explicit SessionKey(const Digest& bytes) : bytes_(bytes) {}
    Digest bytes_;
};

// A random name for a session in logs and for administrators: it grants nothing and stays the
// same when the id rotates. 16 lower-case hexadecimal characters.
using Handle = policy::Strong<struct HandleTag>;
[[nodiscard]] policy::Result<Handle> generate_handle(Random& random);

}  // namespace session

template <>
struct std::hash<session::SessionKey> {
    std::size_t operator()(const session::SessionKey& key) const {
        std::size_t prefix;  // The key is a digest: any part of it is evenly spread.
        std::memcpy(&prefix, key.bytes().data(), sizeof prefix);
        return prefix;
    }
};
