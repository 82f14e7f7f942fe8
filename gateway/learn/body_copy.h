#pragma once

// The beginning of a body, kept while it passes.

#include <string>
#include <string_view>

#include "policy/learn/recording.h"

namespace gateway::learn {

class BodyCopy {
public:
    void add(std::string_view bytes);

    // As text of that media type (lower case): other than UTF-8 is taken for Latin-1. Pictures,
    // style sheets, scripts and whatever else is no text are omitted.
    [[nodiscard]] policy::learn::Body as_text(std::string_view media_type) const;

private:
    std::string bytes_;
    bool is_truncated_ = false;
};

}  // namespace gateway::learn
