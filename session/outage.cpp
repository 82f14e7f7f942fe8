#include "session/outage.h"

namespace session {

void Outage::failed(std::string_view why) {
    if (is_out()) return;
    const std::scoped_lock lock(mutex_);
    if (is_out_.exchange(true)) return;
    since_ = clock_.now();
    tell_({true, std::string(why), {}});
}

void Outage::end() {
    const std::scoped_lock lock(mutex_);
    if (!is_out_.exchange(false)) return;
    tell_({false, {}, clock_.now() - since_});
}

}  // namespace session
