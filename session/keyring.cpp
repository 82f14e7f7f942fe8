#include "session/keyring.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>

#include "policy/base/text.h"

namespace session {

namespace {

constexpr std::size_t kTagBytes = 16;
using Tag = std::array<std::uint8_t, kTagBytes>;

// Secret until it is given away: whoever learns it may present it.
policy::SecretValue<Tag> tag_of(const HmacSha256& mac, Parts message) {
    const policy::SecretValue<Digest> digest(mac.of(message));
    policy::SecretValue<Tag> tag;
    std::copy_n(digest.reveal().begin(), kTagBytes, tag.reveal().begin());
    return tag;
}

std::string_view text_of(const Tag& tag) {
    return {reinterpret_cast<const char*>(tag.data()), tag.size()};
}

}  // namespace

KeyRing::KeyRing(const std::vector<CookieKey>& keys) {
    assert(!keys.empty());
    entries_.reserve(keys.size());
    for (const auto& key : keys) entries_.push_back({key.id, HmacSha256(key.bytes)});
}

std::string KeyRing::sign(Parts message) const {
    return policy::to_base64url(tag_of(entries_.front().mac, message).reveal());
}

KeyRing::Verdict KeyRing::verify(std::string_view key_id, Parts message,
                                 std::string_view tag) const {
    const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& each) { return each.id == key_id; });
    if (entry == entries_.end()) return Verdict::Forged;
    // The presented tag is decoded and not ours encoded: no table is asked about a secret.
    Tag presented;
    if (!policy::decode_base64url(tag, presented)) return Verdict::Forged;
    const auto expected = tag_of(entry->mac, message);
    if (!policy::equal_in_constant_time(text_of(expected.reveal()), text_of(presented))) {
        return Verdict::Forged;
    }
    return entry == entries_.begin() ? Verdict::Genuine : Verdict::GenuineUnderOldKey;
}

}  // namespace session
