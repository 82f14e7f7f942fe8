#pragma once

// A recording as a file of JSON lines: a header, then one exchange a line. The format is described
// in gateway/learn/README.md. Read strictly: whoever gets one from somebody else must know that
// nothing in it was guessed.

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "policy/learn/recording.h"

namespace policy::learn {

inline constexpr std::size_t kLongestBody = 256 * 1024;  // Bytes of a body that are recorded.
inline constexpr std::size_t kMostExchanges = 5000;

struct RecordingComplaint {
    int line = 0;      // From 1.
    std::string text;  // A sentence without the position.
};

// All complaints at once, in the order of the lines; at most 20.
[[nodiscard]] tl::expected<Recording, std::vector<RecordingComplaint>> read_recording(
    std::string_view text);

// Ends with a line feed. Writes everything as it is: see redact.h for what must be done before.
[[nodiscard]] std::string write_recording(const Recording& recording);

}  // namespace policy::learn
