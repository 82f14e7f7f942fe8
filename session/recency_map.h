#pragma once

// RecencyMap remembers a bounded number of entries. When it is full, the one that was used least
// recently makes room.

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace session {

template <class Value, class Key = std::string>
class RecencyMap {
public:
    explicit RecencyMap(std::size_t most) : most_(most == 0 ? 1 : most) {}

    // The entry of `key`, made when there is none; now the most recently used one. Valid until the
    // next call.
    Value& use(const Key& key) {
        if (const auto found = places_.find(key); found != places_.end()) {
            entries_.splice(entries_.begin(), entries_, found->second);
            return found->second->second;
        }
        if (entries_.size() >= most_) drop_last();
        entries_.emplace_front(key, Value{});
        places_.emplace(entries_.front().first, entries_.begin());
        return entries_.front().second;
    }

    // The entry of `key`, now the most recently used one; null when there is none.
    Value* find(const Key& key) {
        const auto found = places_.find(key);
        if (found == places_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, found->second);
        return &found->second->second;
    }

    // Calls `take(key, value)` with each, most recently used first.
    template <class Take>
    void for_each(Take take) const {
        for (const auto& [key, value] : entries_) take(key, value);
    }

    void erase(const Key& key) {
        const auto found = places_.find(key);
        if (found == places_.end()) return;
        const auto entry = found->second;
        places_.erase(found);  // First: its key is a view into the entry.
        entries_.erase(entry);
    }

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

private:
    using Entries = std::list<std::pair<const Key, Value>>;

    void drop_last() {
        places_.erase(entries_.back().first);
        entries_.pop_back();
    }

    std::size_t most_;
    Entries entries_;  // Most recently used first.
    // Texts are not kept twice.
    using View = std::conditional_t<std::is_same_v<Key, std::string>, std::string_view, Key>;
    std::unordered_map<View, typename Entries::iterator> places_;
};

}  // namespace session
