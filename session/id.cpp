#include "session/id.h"

#include <algorithm>
#include <cassert>

#include "policy/base/text.h"

namespace session {

namespace {

using namespace std::string_view_literals;

// With the 43 characters behind it, it just fills one block of SHA-256: a longer one costs another.
constexpr std::string_view kIdDomain = "session-id\0"sv;
static_assert(kIdDomain.size() + SessionId::kCharacters <= 55);
constexpr std::string_view kFamilyDomain = "session-family\0"sv;
constexpr std::string_view kSuccessorDomain = "session-successor\0"sv;

template <std::size_t size>
std::array<std::uint8_t, size> first_part(const Digest& digest) {
    static_assert(size <= std::tuple_size_v<Digest>);
    std::array<std::uint8_t, size> part{};
    std::copy_n(digest.begin(), size, part.begin());
    return part;
}

std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

SessionId::SessionId(std::string_view text) {
    assert(text.size() == kCharacters);
    std::copy_n(text.begin(), kCharacters, text_.reveal().begin());
}

policy::Result<SessionId> SessionId::generate(Random& random) {
    policy::SecretValue<std::array<std::uint8_t, kBytes>> bytes;
    const auto filled = random.fill(bytes.reveal());
    if (!filled) return tl::unexpected(filled.error());
    const policy::Secret text(policy::to_base64url(bytes.reveal()));
    return SessionId(text.reveal());
}

std::optional<SessionId> SessionId::parse(std::string_view text) {
    if (text.size() != kCharacters || !policy::is_base64url(text)) return std::nullopt;
    return SessionId(text);
}

SessionId SessionId::successor(const std::array<std::uint8_t, kBytes>& nonce) const {
    const HmacSha256 mac(policy::Secret{std::string(reveal())});
    const std::array message{kSuccessorDomain, as_text(nonce)};
    const policy::SecretValue<Digest> digest(mac.of(message));
    const policy::Secret text(policy::to_base64url(digest.reveal()));
    return SessionId(text.reveal());
}

IdDigest digest_of(const SessionId& id, const Sha256& sha) {
    const std::array message{kIdDomain, id.reveal()};
    return first_part<std::tuple_size_v<IdDigest>>(sha.of(message));
}

FamilyId::FamilyId(std::string_view text) {
    assert(text.size() == kCharacters);
    std::copy_n(text.begin(), kCharacters, text_.begin());
}

policy::Result<FamilyId> FamilyId::generate(Random& random) {
    std::array<std::uint8_t, kBytes> bytes{};
    if (auto filled = random.fill(bytes); !filled) return tl::unexpected(filled.error());
    return FamilyId(policy::to_base64url(bytes));
}

std::optional<FamilyId> FamilyId::parse(std::string_view text) {
    if (text.size() != kCharacters || !policy::is_base64url(text)) return std::nullopt;
    return FamilyId(text);
}

SessionKey SessionKey::of(const FamilyId& family, const Sha256& sha) {
    const std::array message{kFamilyDomain, family.text()};
    return SessionKey(first_part<std::tuple_size_v<Bytes>>(sha.of(message)));
}

std::optional<SessionKey> SessionKey::parse(const Handle& handle) {
    Bytes bytes{};
    if (!policy::decode_hex(handle.text(), bytes)) return std::nullopt;
    return SessionKey(bytes);
}

std::optional<SessionKey> SessionKey::from_bytes(std::string_view text) {
    Bytes bytes{};
    if (text.size() != bytes.size()) return std::nullopt;
    std::memcpy(bytes.data(), text.data(), bytes.size());
    return SessionKey(bytes);
}

Handle SessionKey::handle() const {
    return Handle(policy::to_hex(bytes_));
}

}  // namespace session
