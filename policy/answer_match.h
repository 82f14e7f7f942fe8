#pragma once

// Whether a backend's answer is what a condition of a login rule describes.

#include <string_view>

#include "policy/answer.h"
#include "policy/login_rule.h"
#include "policy/match.h"

namespace policy {

// Doubtful when the condition needs a body that could not be read to where it would be decided.
// A pattern that nothing is set in holds for any answer.
[[nodiscard]] Match match_answer(const ResponsePattern& pattern, const AnswerView& answer);

// Why a body could not be read, as a word for the audit; empty when it could.
[[nodiscard]] std::string_view fault_of(const AnswerBody& body);

}  // namespace policy
