#pragma once

// decide() answers one question: may this request go on to the backend?
//
// It is pure. Everything it knows stands in its arguments, so every rule can be tested with a
// table of facts and no network.

#include <span>

#include "policy/decision.h"
#include "policy/facts.h"
#include "policy/finding.h"

namespace policy {

// The most severe finding decides, and none makes a request welcome that was not before: with more
// of them, or with less trust in the session, the answer is the same or a stricter one (BND-004).
// `request` and `route` must outlive a returned Permit.
[[nodiscard]] Decision decide(const RequestFacts& request, const SessionFacts& session,
                              const Route& route, std::span<const Finding> findings, Instant now);

// The user that `route` may know of: nobody when another login than the route's own vouched for
// him, because two backends behind one host need not mean the same person by the same name; and
// nobody as long as he has to log in again. Who is told of him asks the Permit, too.
[[nodiscard]] const UserName* user_for(const Route& route, const SessionFacts& session);

// For a question of ours about the login that `route` observes; `target` is the policy's. It tells
// the backend of nobody.
[[nodiscard]] Permit permit_question(const Route& route, std::string_view target);

// For the call that tells a backend of the end of a session, as the route's login rule has it.
[[nodiscard]] Permit permit_logout(const Route& route, std::string_view target);

}  // namespace policy
