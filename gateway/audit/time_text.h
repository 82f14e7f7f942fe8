#pragma once

// Points in time as audit lines show them. Most lines share their second with the line before, so
// its text is kept and only the milliseconds are written anew.

#include <array>
#include <chrono>
#include <string_view>

#include "policy/base/time.h"

namespace gateway {

class TimeText {
public:
    TimeText() { render_second(); }

    // RFC 3339 in UTC with milliseconds: `2026-01-31T23:59:59.999Z`, valid until the next call.
    // Before the year 0 and after 9999 that form ends; the nearest that it has stands for those.
    [[nodiscard]] std::string_view of(policy::Instant time);

private:
    void render_second();

    std::chrono::sys_seconds second_{};  // What the text shows.
    std::array<char, 24> text_;
};

}  // namespace gateway
