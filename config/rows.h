#pragma once

// Rows for Value::read_keys(): what to do with the value of a key. What cannot be read leaves its
// target as it was. Targets must outlive the call of read_keys().

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "config/value.h"

namespace config {

using Row = std::function<void(const Value&)>;

// One value, or a list of them.
inline void each_of(const Value& value, const Row& read) {
    if (value.is_list()) return value.each_item(read);
    read(value);
}

template <class Target>
[[nodiscard]] Row text_into(Target& target) {
    return [&target](const Value& value) {
        if (auto text = value.text()) target = std::move(*text);
    };
}

template <class Target>
[[nodiscard]] Row file_into(Target& target) {
    return [&target](const Value& value) {
        if (auto file = value.file()) target = std::move(*file);
    };
}

template <class Number>
[[nodiscard]] Row count_into(Number& target, Range<std::uint64_t> range) {
    return [&target, range](const Value& value) {
        if (const auto count = value.count(range)) target = static_cast<Number>(*count);
    };
}

template <class Target>
[[nodiscard]] Row duration_into(Target& target, Range<policy::Duration> range) {
    return [&target, range](const Value& value) {
        if (const auto duration = value.duration(range)) target = *duration;
    };
}

[[nodiscard]] inline Row size_into(std::size_t& target, Range<std::size_t> range) {
    return [&target, range](const Value& value) {
        if (const auto size = value.size(range)) target = *size;
    };
}

[[nodiscard]] inline Row flag_into(bool& target) {
    return [&target](const Value& value) {
        if (const auto flag = value.flag()) target = *flag;
    };
}

template <class T, std::size_t size>
using Choices = std::array<std::pair<std::string_view, T>, size>;

template <class Target, class T, std::size_t size>
[[nodiscard]] Row choice_into(Target& target, const Choices<T, size>& choices) {
    return [&target, choices](const Value& value) {
        std::array<std::string_view, size> words;
        for (std::size_t i = 0; i < size; ++i) words[i] = choices[i].first;
        if (const auto index = value.choice(words)) target = choices[*index].second;
    };
}

// `insecure_*: { reason: "..." }`: a weakening is named as such and somebody says why (CFG-002).
[[nodiscard]] inline Row reason_into(std::optional<std::string>& target) {
    return [&target](const Value& value) {
        value.read_keys({{"reason", text_into(target), Need::Required}});
    };
}

}  // namespace config
