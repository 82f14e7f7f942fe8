#pragma once

// What was learned as a policy file, ready for review: a comment above each rule says which sign
// was chosen and why.

#include <string>

#include "policy/learn/learned.h"

namespace policy::learn {

struct PolicyPlaces {
    std::string backend = "http://127.0.0.1:9000";
    std::string host;                // Empty: `app.example.org`.
    std::string insecure_plaintext;  // Why identity may go to a backend that is not on loopback.
};

// `doubts` are what the self check said; they stand above the rule. Without a rule for the success
// of a login the policy has no `logins`, and says why.
[[nodiscard]] std::string policy_text(const Learned& learned, const PolicyPlaces& places,
                                      const Remarks& doubts);

}  // namespace policy::learn
