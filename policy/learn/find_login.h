#pragma once

// Which of the recorded requests are the login: one that failed and one that succeeded, by the same
// method and path, both with the user's name.

#include <optional>
#include <string>
#include <vector>

#include "policy/learn/learned.h"

namespace policy::learn {

struct LoginPair {
    std::vector<const Exchange*> failures;  // All of this shape in `fail`; at least one.
    const Exchange* success = nullptr;      // The last of this shape in `login`.
    UserPlace user;

    [[nodiscard]] const Exchange& failure() const { return *failures.back(); }
};

// Places of the request that hold the user's name, the likeliest first.
[[nodiscard]] std::vector<UserPlace> places_of_user(const RecordedRequest& request,
                                                    const std::string& user);

// The pair points into the recording. When there is none, `missing` gets the sentences that say
// what was looked for in vain.
[[nodiscard]] std::optional<LoginPair> find_login(const Recording& recording, Remarks& missing);

// The value at `place`, if there is one.
[[nodiscard]] std::optional<std::string> value_at(const UserPlace& place,
                                                  const RecordedRequest& request);

}  // namespace policy::learn
