#pragma once

// Value reads one node of the policy as what it should be. It knows where the node stands, so
// that every complaint names its place; a reading that fails has complained already.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/document.h"
#include "config/report.h"
#include "policy/base/time.h"

namespace config {

class Value;

template <class T>
struct Range {
    T least;
    T most;
};

enum class Need : std::uint8_t { Optional, Required };

// One row for each key that a mapping may have.
struct Key {
    std::string_view name;
    std::function<void(const Value&)> read;
    Need need = Need::Optional;
};

class Value {
public:
    // `node` and `report` must outlive the value.
    Value(const Node& node, Place place, Report& report);

    [[nodiscard]] const Place& place() const { return place_; }
    [[nodiscard]] Report& report() const { return *report_; }
    [[nodiscard]] std::string_view key() const { return node_->key; }
    [[nodiscard]] bool is_map() const { return node_->kind == Node::Kind::Map; }
    [[nodiscard]] bool is_list() const { return node_->kind == Node::Kind::List; }
    [[nodiscard]] bool is_empty() const { return node_->children.empty(); }     // Map or list.
    [[nodiscard]] std::size_t count() const { return node_->children.size(); }  // Same.
    [[nodiscard]] bool is_word(std::string_view word) const;
    [[nodiscard]] bool is_glob() const;  // A text with a `*`.
    [[nodiscard]] std::optional<Value> find(std::string_view key) const;

    // Where `key` stands, or the mapping that it is missing from.
    [[nodiscard]] Place place_of(std::string_view key) const;

    // `sentence` goes on behind the key path: `must be ...`.
    void complain(std::string_view sentence) const;

    // A mapping: calls each row whose key is there; complains about missing and unknown keys.
    void read_keys(const std::vector<Key>& keys) const;

    // A mapping with names of the operator's choice, or a list: calls `read` for each child.
    void each_entry(const std::function<void(const Value&)>& read) const;
    void each_item(const std::function<void(const Value&)>& read) const;

    [[nodiscard]] std::optional<std::string> text() const;  // Not empty, no control characters.
    [[nodiscard]] std::optional<bool> flag() const;
    [[nodiscard]] std::optional<std::uint64_t> count(Range<std::uint64_t> range) const;
    [[nodiscard]] std::optional<policy::Duration> duration(Range<policy::Duration> range) const;
    [[nodiscard]] std::optional<std::size_t> size(Range<std::size_t> range) const;

    // Which of `words` it is.
    [[nodiscard]] std::optional<std::size_t> choice(std::span<const std::string_view> words) const;

    // Relative names begin in the folder of the policy file.
    [[nodiscard]] std::optional<std::filesystem::path> file() const;

private:
    [[nodiscard]] bool expect(Node::Kind kind) const;
    [[nodiscard]] Value child(const Node& node) const;
    void complain_about_unknown(const Node& node, const std::vector<Key>& keys) const;

    const Node* node_;
    Place place_;
    Report* report_;
};

}  // namespace config
