#pragma once

// Changes values inside the recorded text of messages, wherever they stand, and leaves the rest as
// it was written.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "policy/learn/recording.h"

namespace policy::learn {

// Gets the name and decoded value of a field; returns what shall stand there instead, if anything.
// The new value must need no encoding.
using FieldChange =
    std::function<std::optional<std::string>(std::string_view name, std::string_view value)>;

// Fields of queries (target, Referer, Location), of urlencoded and multipart forms, and scalars of
// JSON bodies, which have their last key for a name.
void change_fields(Exchange& exchange, const FieldChange& change);

// Gets any text of a message: target, header value, body.
using TextChange = std::function<void(std::string& text)>;
void change_texts(Exchange& exchange, const TextChange& change);

// Replaces `word` where it is not part of a longer word of letters and digits.
void replace_word(std::string& text, std::string_view word, std::string_view with);

}  // namespace policy::learn
