#pragma once

// Cookie keys for tests.

#include <string>
#include <vector>

#include "session/keyring.h"

namespace fixtures {

inline session::CookieKey cookie_key(const std::string& id, char fill) {
    return {id, policy::Secret(std::string(32, fill))};
}

inline session::KeyRing only_k1() {
    std::vector<session::CookieKey> keys;
    keys.push_back(cookie_key("k1", 'a'));
    return session::KeyRing(keys);
}

// After a change of keys: k2 signs, k1 still verifies.
inline session::KeyRing k2_then_k1() {
    std::vector<session::CookieKey> keys;
    keys.push_back(cookie_key("k2", 'b'));
    keys.push_back(cookie_key("k1", 'a'));
    return session::KeyRing(keys);
}

inline session::KeyRing only_k2() {
    std::vector<session::CookieKey> keys;
    keys.push_back(cookie_key("k2", 'b'));
    return session::KeyRing(keys);
}

}  // namespace fixtures
