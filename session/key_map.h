#pragma once

// KeyMap finds values by session key with two looks into memory where std::unordered_map needs
// four: with a million sessions that is most of what a lookup costs. Open addressing with linear
// probing; a key is a digest and serves as its own hash. Values stay where they are.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "session/id.h"

namespace session {

template <class Value>
class KeyMap {
public:
    [[nodiscard]] Value* find(const SessionKey& key) {
        return const_cast<Value*>(std::as_const(*this).find(key));
    }
    [[nodiscard]] const Value* find(const SessionKey& key) const {
        if (slots_.empty()) return nullptr;
        const auto& slot = slots_[place_of(key)];
        return slot.value.get();
    }
    [[nodiscard]] bool contains(const SessionKey& key) const { return find(key) != nullptr; }

    // `key` must not be there yet.
    void insert(const SessionKey& key, Value value) {
        if ((size_ + 1) * kMostOf > slots_.size() * kMostTaken) grow();
        auto& slot = slots_[place_of(key)];
        slot.key = key.bytes();
        slot.value = std::make_unique<Value>(std::move(value));
        ++size_;
    }

    void erase(const SessionKey& key) {
        if (slots_.empty()) return;
        auto hole = place_of(key);
        if (!slots_[hole].value) return;
        slots_[hole].value.reset();
        --size_;
        // Whoever was pushed past the hole moves up, so that no search ends there too early.
        for (auto next = after(hole); slots_[next].value; next = after(next)) {
            const auto home = home_of(slots_[next].key);
            const auto distance = (next - home) & mask();
            if (distance < ((next - hole) & mask())) continue;
            slots_[hole] = std::move(slots_[next]);
            hole = next;
        }
    }

    [[nodiscard]] std::size_t size() const { return size_; }

    // For visits in parts: slots come in a fixed order, which changes whenever their number does.
    [[nodiscard]] std::size_t slots() const { return slots_.size(); }
    // Calls `take(key, value)` for those in slots `first` up to `last`.
    template <class Take>
    void visit(std::size_t first, std::size_t last, Take take) const {
        for (auto place = first; place < last; ++place) {
            const auto& slot = slots_[place];
            if (slot.value) take(SessionKey(slot.key), *slot.value);
        }
    }

private:
    // Of ten slots at most eight are taken.
    static constexpr std::size_t kMostOf = 10;
    static constexpr std::size_t kMostTaken = 8;

    struct Slot {
        SessionKey::Bytes key{};
        std::unique_ptr<Value> value;  // Null: free.
    };

    [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
    [[nodiscard]] std::size_t after(std::size_t place) const { return (place + 1) & mask(); }
    [[nodiscard]] std::size_t home_of(const SessionKey::Bytes& key) const {
        std::size_t prefix;
        std::memcpy(&prefix, key.data(), sizeof prefix);
        return prefix & mask();
    }
    // Where `key` is, or would be.
    [[nodiscard]] std::size_t place_of(const SessionKey& key) const {
        auto place = home_of(key.bytes());
        while (slots_[place].value && slots_[place].key != key.bytes()) place = after(place);
        return place;
    }

    void grow() {
        auto before =
            std::exchange(slots_, std::vector<Slot>(std::max<std::size_t>(8, slots_.size() * 2)));
        for (auto& slot : before) {
            if (slot.value) slots_[place_of(SessionKey(slot.key))] = std::move(slot);
        }
    }

    std::vector<Slot> slots_;  // A power of two, or none.
    std::size_t size_ = 0;
};

}  // namespace session
