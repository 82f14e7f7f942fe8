#include "session/keyring.h"

#include <algorithm>
#include <cassert>
#include <span>

#include "policy/base/text.h"

namespace session {

namespace {

constexpr std::size_t kTagBytes = 16;

std::string tag_of(HmacSha256& mac, std::string_view message) {
    const Digest digest = mac.of(message);
    return policy::to_base64url(std::span(digest).first<kTagBytes>());
}

}  // namespace

KeyRing::KeyRing(const std::vector<CookieKey>& keys) {
    assert(!keys.empty());
    entries_.reserve(keys.size());
    for (const auto& key : keys) entries_.push_back({key.id, HmacSha256(key.bytes)});
}

std::string KeyRing::sign(std::string_view message) {
    return tag_of(entries_.front().mac, message);
}

KeyRing::Verdict KeyRing::verify(std::string_view key_id, std::string_view message,
                                 std::string_view tag) {
    const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& each) { return each.id == key_id; });
    if (entry == entries_.end()) return Verdict::Forged;
    if (!policy::equal_in_constant_time(tag_of(entry->mac, message), tag)) return Verdict::Forged;
    return entry == entries_.begin() ? Verdict::Genuine : Verdict::GenuineUnderOldKey;
}

}  // namespace session
