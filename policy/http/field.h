#pragma once

// Header fields in the order they came, repeated names kept. Names and values are views: whoever
// fills a list keeps the bytes alive.

#include <cstddef>
#include <string_view>
#include <vector>

namespace policy {

struct Field {
    std::string_view name;
    std::string_view value;
};

class FieldList {
public:
    void add(std::string_view name, std::string_view value) {
        if (fields_.capacity() == 0) fields_.reserve(kUsual);
        fields_.push_back({name, value});
    }

    // Keeps the capacity: a list that is reused stops allocating.
    void clear() { fields_.clear(); }

    // The first field of that name, compared without case (RFC 9110 §5.1); null when there is none.
    [[nodiscard]] const Field* find(std::string_view name) const;

    [[nodiscard]] std::size_t count(std::string_view name) const;

    // True when a field of that name lists `token`, compared without case, among its
    // comma-separated items.
    [[nodiscard]] bool lists(std::string_view name, std::string_view token) const;

    template <class Predicate>
    std::size_t remove_if(Predicate predicate) {
        return std::erase_if(fields_, predicate);
    }

    [[nodiscard]] auto begin() const { return fields_.begin(); }
    [[nodiscard]] auto end() const { return fields_.end(); }
    [[nodiscard]] std::size_t size() const { return fields_.size(); }
    [[nodiscard]] bool empty() const { return fields_.empty(); }

private:
    static constexpr std::size_t kUsual = 24;  // Rarely more, and room for less is soon outgrown.
    std::vector<Field> fields_;
};

}  // namespace policy
