#pragma once

// The text that stands for a session outside: `v1.<key id>.<family>.<id>.<tag>`, of 22, 43 and 22
// characters of base64url behind the key id. The family grants nothing; the id is the secret; the
// tag covers both, the host they were made for and what they are for: a token carried to another
// application behind the same gateway, or from a cookie to a header, is a forged one (SID-006).

#include <optional>
#include <string>
#include <string_view>

#include "policy/base/secret.h"
#include "session/id.h"
#include "session/keyring.h"

namespace session {

// What a genuine token stands for.
struct Ticket {
    FamilyId family;
    SessionId id;
};

class TokenFormat {
public:
    explicit TokenFormat(KeyRing keys) : keys_(std::move(keys)) {}

    enum class Use { Cookie, Header };

    [[nodiscard]] policy::Secret make(Use use, const FamilyId& family, const SessionId& id,
                                      std::string_view host) const;

    struct Read {
        Ticket ticket;
        bool under_old_key = false;
    };
    // Nothing for what is not ours: a wrong form or a wrong tag.
    [[nodiscard]] std::optional<Read> read(Use use, std::string_view text,
                                           std::string_view host) const;

    // `v1.<key id>.<tag>`: says that whoever holds it was given the token of these, too.
    [[nodiscard]] std::string make_proof(const FamilyId& family, const SessionId& id,
                                         std::string_view host) const;
    [[nodiscard]] bool proves(std::string_view proof, const Ticket& ticket,
                              std::string_view host) const;

private:
    KeyRing keys_;
};

}  // namespace session
