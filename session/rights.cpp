#include "session/rights.h"

#include <algorithm>

namespace session {

SharedRights RightsPool::share(SharedRights rights) {
    const auto known = std::find(recent_.begin(), recent_.end(), rights);
    if (known != recent_.end()) {
        std::rotate(known, std::next(known), recent_.end());
        return recent_.back();
    }
    if (recent_.size() >= kMost) recent_.erase(recent_.begin());
    recent_.push_back(rights);
    return rights;
}

}  // namespace session
