#pragma once

// What matters of a backend's answer when its meaning is asked for.

#include <cstdint>
#include <string_view>
#include <vector>

#include "policy/base/time.h"
#include "policy/facts.h"
#include "policy/http/field.h"
#include "policy/http/json_scanner.h"

namespace policy {

struct AnswerBody {
    enum class State : std::uint8_t {
        Unread,  // Nobody asked for it.
        Whole,
        Begun,    // Longer than what was to be read: `text` is its beginning.
        Encoded,  // Compressed although that was not asked for.
        CutOff,   // The backend broke off: `text` is what came.
    };
    State state = State::Unread;
    std::string_view text;
};

// In order of appearance. Views live as long as the answer.
struct ResponseFacts {
    int status = 0;
    std::string_view location;                  // As the browser will see it.
    std::vector<std::string_view> set_cookies;  // Whole Set-Cookie lines.
    const FieldList* fields = nullptr;          // All of them; null when there are none.
    AnswerBody body;
};

// An answer, and what it has to be compared with.
struct AnswerView {
    const ResponseFacts& response;
    const RequestFacts& request;
    std::string_view login_page;    // Origin-form, or empty.
    std::string_view sent_cookies;  // The Cookie field that the backend was sent.
    Instant now;
};

}  // namespace policy
