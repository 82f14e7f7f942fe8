#pragma once

// Looks for what stands at one JSON Pointer, while it is told of the keys and values of a JSON text
// in the order in which they come. json_scanner.h says what is found.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/http/form_scanner.h"

namespace policy {

// Who wrote a text. A client may have written it for a backend to read otherwise than we do; what a
// backend says to us is read as it stands.
enum class JsonAuthor : std::uint8_t { Client, Backend };

struct JsonFinding {
    FormField field;
    std::vector<std::string> texts;  // Of an array of texts, or the only one.
};

// `depth` counts the objects and arrays that are open around a value.
class JsonSearch {
public:
    enum class Container : std::uint8_t { Object, Array };

    JsonSearch(std::string_view pointer, JsonAuthor author);

    // What comes next stands under `key`; in an array that is its index.
    void enter(std::size_t depth, std::string_view key);
    void see(std::size_t depth, const FormField& scalar);
    void see(std::size_t depth, Container container);

    [[nodiscard]] JsonFinding finding() &&;

private:
    [[nodiscard]] bool is_here(std::size_t depth) const;
    [[nodiscard]] bool is_in_list(std::size_t depth) const;

    std::vector<std::string> keys_;
    JsonAuthor author_;
    std::size_t matched_ = 0;  // As many of the keys lead to where we are.
    std::size_t deepest_ = 0;  // The most that ever did.
    bool is_contested_ = false;
    bool is_list_ = false;  // An array of texts only, so far.
    FormField field_;
    std::vector<std::string> list_;
};

}  // namespace policy
