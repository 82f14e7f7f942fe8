#include "session/repeats.h"

#include <utility>

namespace session {

std::optional<std::size_t> Repeats::tell(What what, policy::Reason why, const SessionKey& key,
                                         policy::Instant now) {
    const std::scoped_lock lock(mutex_);
    std::string name{static_cast<char>(what), static_cast<char>(why)};
    name.append(key.bytes().begin(), key.bytes().end());
    auto& window = windows_.use(name);
    const bool is_news = window.told == policy::Instant{} || now - window.told >= kWindow;
    if (!is_news) {
        window.untold += 1;
        return std::nullopt;
    }
    window.told = now;
    return std::exchange(window.untold, 0);
}

}  // namespace session
