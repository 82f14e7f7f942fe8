#pragma once

// What tells two kinds of answers apart that look the same up to their bodies: a scalar of JSON, or
// a short piece of a page that stands on one side only and will stand there tomorrow as well.

#include <string>
#include <vector>

#include "policy/learn/learned.h"

namespace policy::learn {

using Responses = std::vector<const RecordedResponse*>;

// Holds for all of `yes` and for none of `no`; nothing when no scalar does so.
[[nodiscard]] std::optional<NameValue> json_signal(const Responses& yes, const Responses& no);

enum class Meaning : std::uint8_t { Success, Failure };

// A piece of the page: the attribute of a tag (`id="pma_errors"`) before a text, because texts are
// translated; pieces around `error` before others for a failure, around `logout` for a success.
// Never one that names the user or holds an id, a number or a date. Empty when there is none.
[[nodiscard]] std::string body_signal(const Responses& yes, const Responses& no, Meaning meaning,
                                      const std::string& user);

}  // namespace policy::learn
