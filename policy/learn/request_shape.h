#pragma once

// How the login request is told from all others: the `when` of a rule.

#include "policy/learn/find_login.h"

namespace policy::learn {

// One shape, or for Basic credentials two for each place that asked for a password; with the
// reasons in `remarks`. Empty when no place asked everybody for one.
[[nodiscard]] std::vector<RequestShape> shapes_of_login(const Recording& recording,
                                                        const LoginPair& pair, Remarks& remarks);

// Whether the request is of that shape.
[[nodiscard]] bool matches(const RequestShape& shape, const RecordedRequest& request);

// A value that means the same tomorrow: a short word, no id, number or token.
[[nodiscard]] bool is_constant_word(std::string_view value);

}  // namespace policy::learn
