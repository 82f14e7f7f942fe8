#include "session/id.h"

#include <algorithm>
#include <cassert>

#include "policy/base/text.h"

namespace session {

namespace {

using namespace std::string_view_literals;

// With the 43 characters behind it, it just fills one block of SHA-256: a longer one costs another.
constexpr std::string_view kKeyDomain = "session-key\0"sv;
static_assert(kKeyDomain.size() + SessionId::kCharacters <= 55);

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

SessionKey SessionKey::of(const SessionId& id, const Sha256& sha) {
    const std::array message{kKeyDomain, id.reveal()};
    return SessionKey(sha.of(message));
}

policy::Result<Handle> generate_handle(Random& random) {
    std::array<std::uint8_t, 8> bytes{};
    if (auto filled = random.fill(bytes); !filled) return tl::unexpected(filled.error());
    return Handle(policy::to_hex(bytes));
}

}  // namespace session
