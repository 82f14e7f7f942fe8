#include "session/failure_window.h"

namespace session {

std::optional<unsigned> FailureWindow::add(const Threshold& threshold, policy::Instant now) {
    advance(threshold.window, now);
    ++running_;
    if (told_ || threshold.count == 0) return std::nullopt;
    const auto count = estimate(threshold.window, now);
    if (count < threshold.count) return std::nullopt;
    told_ = true;
    return count;
}

void FailureWindow::advance(policy::Duration window, policy::Instant now) {
    const bool is_running = running_ + earlier_ > 0;
    if (is_running && now < begin_ + window) return;
    const bool follows_on = is_running && now < begin_ + 2 * window;
    earlier_ = follows_on ? running_ : 0;
    begin_ = follows_on ? begin_ + window : now;
    running_ = 0;
    told_ = false;
}

unsigned FailureWindow::estimate(policy::Duration window, policy::Instant now) const {
    if (earlier_ == 0) return running_;
    const auto past = now > begin_ ? now - begin_ : policy::Duration::zero();
    const auto covered = earlier_ * (window - past).count() / window.count();
    return running_ + static_cast<unsigned>(covered);
}

}  // namespace session
