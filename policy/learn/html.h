#pragma once

// As much of HTML as is needed to find a login form and a message on a page. No parser: what it
// misses only makes the learned rule less informed.

#include <string>
#include <string_view>
#include <vector>

#include "policy/learn/recording.h"

namespace policy::learn {

struct Tag {
    std::string name;                   // Lower case.
    std::vector<NameValue> attributes;  // Names in lower case, references decoded.
    std::string_view text;              // As written, with its brackets.
};

// Opening tags in order, those of scripts and comments left out. Views point into `html`.
[[nodiscard]] std::vector<Tag> tags_of(std::string_view html);

// `<input>` tags.
struct Input {
    std::string name;
    std::string type;  // Lower case; `text` when there is none.
    std::string value;
    std::string autocomplete;  // Lower case.
};
[[nodiscard]] std::vector<Input> inputs_of(std::string_view html);

// What stands between tags, trimmed, on one line each, scripts, styles and comments left out.
[[nodiscard]] std::vector<std::string_view> texts_of(std::string_view html);

}  // namespace policy::learn
