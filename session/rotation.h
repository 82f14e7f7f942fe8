#pragma once

// Which ids of a family are honoured, as pure functions (ROT-001 to ROT-007); README.md tells the
// story. An id is replaced *at once* by a login and the like, or *in turn* after a while of use:
// then a successor is offered, and becomes the current id when it is first presented. Any other id
// of the family was replaced before, however many generations ago: no memory of them is needed.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "policy/base/time.h"
#include "session/boxed.h"
#include "session/id.h"

namespace session {

// What happens when an id is used that was replaced, from elsewhere than the session itself.
enum class OnReuse : std::uint8_t {
    Observe,       // It is told, and the request has no session.
    StepUp,        // The user has to log in again for what requires a user.
    RevokeFamily,  // The session ends.
    RevokeUser,    // So do all others of its user.
};

struct RotationRules {
    policy::Duration every = std::chrono::minutes(15);
    policy::Duration grace = std::chrono::seconds(30);  // Shorter than `every`.
    OnReuse on_reuse = OnReuse::RevokeFamily;
};

// How long requests may be on their way when an id was replaced at once. They are refused, but no
// sign of theft.
inline constexpr policy::Duration kCrossing = std::chrono::seconds(30);

struct Ids {
    // The id that was offered last, and the nonce that leads there from the current one.
    struct Offer {
        IdDigest digest{};
        Nonce nonce{};
        bool operator==(const Offer&) const = default;
    };
    // The ids that were honoured until the last change: one that was replaced in turn, with the
    // nonce that leads from it to the current one, or those that were replaced at once.
    struct Former {
        std::array<IdDigest, 4> digests{};  // Newest first; all zeros where there is none.
        std::optional<Nonce> nonce;         // Nothing: replaced at once.
        bool operator==(const Former&) const = default;
    };

    std::uint32_t generation = 1;   // Counts the ids that were current.
    std::uint32_t incarnation = 1;  // Counts those that became so at once.
    IdDigest current{};
    policy::Instant since{};  // When it became the current one.
    Boxed<Former> former;
    Boxed<Offer> offer;

    bool operator==(const Ids&) const = default;
};

enum class Standing : std::uint8_t {
    Current,
    Offered,   // The successor, presented for the first time.
    InGrace,   // Was replaced in turn a moment ago.
    Crossing,  // Was replaced at once a moment ago; not honoured.
    Retired,   // Was replaced before that.
};

[[nodiscard]] Standing standing_of(const Ids& ids, const IdDigest& presented,
                                   const RotationRules& rules, policy::Instant now);

// Whether the next answer should offer a successor, or offer it again.
[[nodiscard]] bool is_due(const Ids& ids, const RotationRules& rules, policy::Instant now);

// A family's first id.
[[nodiscard]] Ids begin_with(const IdDigest& first, policy::Instant now);

// With the offered id as the current one. There must be an offer.
[[nodiscard]] Ids take_up_offer(Ids ids, policy::Instant now);

// With `fresh` as the current id and no other honoured.
[[nodiscard]] Ids replace_at_once(Ids ids, const IdDigest& fresh, policy::Instant now);

}  // namespace session
