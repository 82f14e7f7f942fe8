#pragma once

// How a session leaves the process: sealed under a key that is made of its family, which only the
// client's cookie has, and of a key of the gateways. A dump of the store together with the policy
// file and its keys revives nothing (SID-007).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "session/digest.h"
#include "session/keyring.h"
#include "session/random.h"
#include "session/seal.h"
#include "session/session.h"

namespace session {

class RecordSealer {
public:
    // So many of its first bytes tell one sealed record from all others: a key id and a nonce.
    static constexpr std::size_t kDistinct = 24;

    // The first key seals, all open. `keys` is not empty.
    explicit RecordSealer(const std::vector<CookieKey>& keys);

    // Errors: RandomUnavailable.
    [[nodiscard]] policy::Result<std::string> seal(const Locator& at, const Session& session,
                                                   Random& random) const;
    // Nothing for what seal() did not make for this family, and under keys that are gone.
    [[nodiscard]] std::optional<Session> open(const Locator& at, std::string_view sealed) const;

    // What administrators may see, under keys of the gateways alone: no cookie of the vault, no id.
    // Errors: RandomUnavailable.
    [[nodiscard]] policy::Result<std::string> seal_summary(const SessionKey& key,
                                                           const Session& session,
                                                           Random& random) const;
    [[nodiscard]] std::optional<Session> open_summary(const SessionKey& key,
                                                      std::string_view sealed) const;

private:
    struct Entry {
        std::string id;
        HmacSha256 mac;
    };
    [[nodiscard]] static SealKey key_of(const Entry& entry, const FamilyId& family);

    std::vector<Entry> entries_;
    Sealer summaries_;
};

}  // namespace session
