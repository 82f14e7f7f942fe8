#include "session/id.h"

#include <algorithm>

#include "policy/base/text.h"

namespace session {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kKeyDomain = "sallyport/session-key/v1\0"sv;

}  // namespace

policy::Result<SessionId> SessionId::generate(Random& random) {
    std::array<std::uint8_t, kBytes> bytes{};
    if (auto filled = random.fill(bytes); !filled) return tl::unexpected(filled.error());
    SessionId id(policy::Secret(policy::to_base64url(bytes)));
    policy::wipe(bytes.data(), bytes.size());
    return id;
}

std::optional<SessionId> SessionId::parse(std::string_view text) {
    if (text.size() != kCharacters) return std::nullopt;
    auto bytes = policy::from_base64url(text);
    if (!bytes) return std::nullopt;
    const policy::Secret wiped_when_left(std::move(*bytes));
    return SessionId(policy::Secret(std::string(text)));
}

SessionKey SessionKey::of(const SessionId& id, Sha256& sha) {
    std::array<char, kKeyDomain.size() + SessionId::kCharacters> message{};
    const auto text = id.secret().reveal();
    const auto end = std::copy(kKeyDomain.begin(), kKeyDomain.end(), message.begin());
    std::copy(text.begin(), text.end(), end);
    const SessionKey key(sha.of({message.data(), message.size()}));
    policy::wipe(message.data(), message.size());
    return key;
}

policy::Result<Handle> generate_handle(Random& random) {
    std::array<std::uint8_t, 8> bytes{};
    if (auto filled = random.fill(bytes); !filled) return tl::unexpected(filled.error());
    return Handle(policy::to_hex(bytes));
}

}  // namespace session
