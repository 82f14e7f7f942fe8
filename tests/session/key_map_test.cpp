#include "session/key_map.h"

#include <map>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace {

using session::KeyMap;
using session::SessionKey;

// Keys that want the same few places.
SessionKey key(std::uint8_t number) {
    SessionKey::Bytes bytes{};
    bytes[0] = number % 4;
    bytes[15] = number;
    return SessionKey(bytes);
}

TEST(KeyMap, HoldsNothingAtFirst) {
    KeyMap<int> map;

    EXPECT_EQ(map.find(key(1)), nullptr);
    map.erase(key(1));
    EXPECT_EQ(map.size(), 0U);
    EXPECT_EQ(map.slots(), 0U);
}

TEST(KeyMap, LeavesValuesWhereTheyAre) {
    KeyMap<int> map;
    map.insert(key(1), 1);
    const auto* first = map.find(key(1));
    for (std::uint8_t i = 2; i < 200; ++i) map.insert(key(i), i);

    EXPECT_EQ(map.find(key(1)), first);
}

TEST(KeyMap, VisitsEachOnceInParts) {
    KeyMap<int> map;
    for (std::uint8_t i = 0; i < 100; ++i) map.insert(key(i), i);

    std::map<SessionKey, int> seen;
    for (std::size_t first = 0; first < map.slots(); first += 8)
        map.visit(first, std::min(first + 8, map.slots()), [&](const SessionKey& each, int value) {
            EXPECT_TRUE(seen.emplace(each, value).second);
        });
    EXPECT_EQ(seen.size(), 100U);
}

TEST(KeyMap, HoldsWhatAMapHolds) {
    EXPECT_TRUE(rc::check([](const std::vector<std::pair<bool, std::uint8_t>>& steps) {
        KeyMap<int> map;
        std::map<SessionKey, int> model;
        int count = 0;
        for (const auto& [inserts, number] : steps) {
            const auto at = key(number % 40);
            if (inserts && !model.contains(at)) {
                map.insert(at, ++count);
                model[at] = count;
            } else if (!inserts) {
                map.erase(at);
                model.erase(at);
            }
            RC_ASSERT(map.size() == model.size());
            for (std::uint8_t each = 0; each < 40; ++each) {
                const auto found = model.find(key(each));
                const auto* value = map.find(key(each));
                RC_ASSERT((value != nullptr) == (found != model.end()));
                if (value) RC_ASSERT(*value == found->second);
            }
        }
    }));
}

}  // namespace
