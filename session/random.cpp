#include "session/random.h"

#include <limits>

#include <openssl/rand.h>

namespace session {

policy::Result<void> SystemRandom::fill(std::span<std::uint8_t> bytes) {
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        return policy::fail(policy::Reason::RandomUnavailable, "too many bytes asked for");
    }
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        return policy::fail(policy::Reason::RandomUnavailable, "RAND_bytes failed");
    }
    return policy::ok();
}

}  // namespace session
