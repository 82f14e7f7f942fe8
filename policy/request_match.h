#pragma once

// Whether a request is what a pattern of a login rule describes: by its line and header fields
// alone, and by what its body says.

#include "policy/facts.h"
#include "policy/login_form.h"
#include "policy/login_rule.h"
#include "policy/match.h"

namespace policy {

// Whether the request carries what frameworks take for the method that was really meant
// (X-HTTP-Method-Override and its like, `_method` in the query).
[[nodiscard]] bool may_mean_another_method(const RequestFacts& request);

// By the line and the header fields; the body is not looked at. Doubtful: for some backends.
// Also doubtful: a parameter of a name that some backends take for the wanted one; and a method
// that is not the wanted one where the request says, as many frameworks allow, that it means
// another. Paths match in either of their readings: as they stand, and as some backends fold them.
[[nodiscard]] Match match_head(const RequestPattern& pattern, const RequestFacts& request);

// Whether a request is what is asked for, as far as its body has come.
enum class RequestVerdict : std::uint8_t {
    No,
    Doubtful,  // For some backends.
    Open,      // The body is not complete: what is still to come may change it.
    Yes,
};

// `form` is null when the request has no body that can be read.
[[nodiscard]] RequestVerdict judge_request(const RequestPattern& pattern,
                                           const RequestFacts& request, const LoginForm* form);

// The most certain verdict of several. A pattern for another kind of body than the request has
// does not count beside one for its kind.
[[nodiscard]] RequestVerdict judge_request(const std::vector<RequestPattern>& patterns,
                                           const RequestFacts& request, const LoginForm* form);

}  // namespace policy
