#pragma once

// FailureWindow counts failures within a sliding window in constant memory.
//
// It keeps two counts: of the span that is running, which begins with a failure after quiet, and of
// the span before. The sliding count is the running one plus the share of the earlier one that the
// window still covers, as if those failures had been spread evenly. So a burst after quiet is
// counted exactly, and one that straddles two spans is estimated.

#include <optional>

#include "policy/base/time.h"

namespace session {

struct Threshold {
    unsigned count = 0;  // 0: not watched.
    policy::Duration window{};
};

class FailureWindow {
public:
    // Counts a failure. Returns the count when it reaches the threshold, once per span.
    std::optional<unsigned> add(const Threshold& threshold, policy::Instant now);

private:
    void advance(policy::Duration window, policy::Instant now);
    [[nodiscard]] unsigned estimate(policy::Duration window, policy::Instant now) const;

    policy::Instant begin_{};
    unsigned running_ = 0;
    unsigned earlier_ = 0;
    bool told_ = false;
};

}  // namespace session
