#pragma once

// The session id is the secret in the cookie; the store sees only its digest, under the key of the
// family that the id belongs to (SID-004).

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

    // The id that follows this one: HMAC-SHA-256 of `nonce` under this id. Who was told this id and
    // asks again is told the same successor, and nobody who lacks either of the two can know it.
    [[nodiscard]] SessionId successor(const std::array<std::uint8_t, kBytes>& nonce) const;

    // The only way out, as from a Secret.
    [[nodiscard]] std::string_view reveal() const {
        return {text_.reveal().data(), text_.reveal().size()};
    }

private:
    explicit SessionId(std::string_view text);  // kCharacters long.
    policy::SecretValue<std::array<char, kCharacters>> text_;
};

// Random bytes of which the id that follows is made; told to nobody but the store.
using Nonce = std::array<std::uint8_t, SessionId::kBytes>;

// What the store compares a presented id with: the first half of a SHA-256, under a prefix of its
// own. There is no way back to the id, and 128 bits leave none to another id with this digest.
using IdDigest = std::array<std::uint8_t, 16>;
[[nodiscard]] IdDigest digest_of(const SessionId& id, const Sha256& sha);

// Names the family: all ids that one session has, from its beginning to its end. It stands in the
// cookie beside the id, and grants nothing without one.
class FamilyId {
public:
    static constexpr std::size_t kBytes = 16;
    static constexpr std::size_t kCharacters = 22;

    // Errors: RandomUnavailable.
    [[nodiscard]] static policy::Result<FamilyId> generate(Random& random);
    // Accepts exactly the canonical 22 characters.
    [[nodiscard]] static std::optional<FamilyId> parse(std::string_view text);

    [[nodiscard]] std::string_view text() const { return {text_.data(), text_.size()}; }

private:
    explicit FamilyId(std::string_view text);  // kCharacters long.
    std::array<char, kCharacters> text_{};
};

// A name for a session in logs and for administrators: it grants nothing and stays the same when
// the id rotates. 32 lower-case hexadecimal characters.
using Handle = policy::Strong<struct HandleTag>;

// Under which the store keeps a session. Made of the family by SHA-256, so that what logs and
// dumps hold cannot even name a cookie.
class SessionKey {
public:
    using Bytes = std::array<std::uint8_t, 16>;

    [[nodiscard]] static SessionKey of(const FamilyId& family, const Sha256& sha);
    // The key that a handle names.
    [[nodiscard]] static std::optional<SessionKey> parse(const Handle& handle);

    // What bytes() gave, as text. Nothing for another length.
    [[nodiscard]] static std::optional<SessionKey> from_bytes(std::string_view text);

    [[nodiscard]] Handle handle() const;
    [[nodiscard]] const Bytes& bytes() const { return bytes_; }
    auto operator<=>(const SessionKey&) const = default;

    // From what bytes() gave.
    explicit SessionKey(const Bytes& bytes) : bytes_(bytes) {}

private:
    Bytes bytes_;
};

// What a store finds a record by. The key names it; the family is a secret that the store forgets
// again: records that leave the process are sealed under it, so that neither who has them nor who
// has the gateway's keys can read one without the cookie (SID-007).
struct Locator {
    SessionKey key;
    FamilyId family;

    [[nodiscard]] static Locator of(const FamilyId& family, const Sha256& sha) {
        return {SessionKey::of(family, sha), family};
    }
    [[nodiscard]] Handle handle() const { return key.handle(); }
    // For calls that need no record.
    operator const SessionKey&() const { return key; }
};

}  // namespace session

template <>
struct std::hash<session::SessionKey> {
    std::size_t operator()(const session::SessionKey& key) const noexcept {
        std::size_t prefix;  // The key is a digest: any part of it is evenly spread.
        std::memcpy(&prefix, key.bytes().data(), sizeof prefix);
        return prefix;
    }
};
