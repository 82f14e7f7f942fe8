#include "policy/http/json_search.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "policy/http/json_key.h"
#include "policy/http/json_pointer.h"

namespace policy {

JsonSearch::JsonSearch(std::string_view pointer, JsonAuthor author) : author_(author) {
    auto keys = json_pointer_keys(pointer);
    assert(keys);
    if (keys) keys_ = std::move(*keys);
}

void JsonSearch::enter(std::size_t depth, std::string_view key) {
    assert(depth > 0);
    matched_ = std::min(matched_, depth - 1);
    if (matched_ < depth - 1 || depth > keys_.size()) return;
    const auto& wanted = keys_[depth - 1];
    if (key != wanted) {
        if (author_ == JsonAuthor::Client && may_be_same_key(key, wanted)) is_contested_ = true;
        return;
    }
    // There is only one object on the way at each depth, or one further up came twice.
    if (deepest_ >= depth) is_contested_ = true;
    matched_ = depth;
    deepest_ = std::max(deepest_, depth);
}

void JsonSearch::see(std::size_t depth, const FormField& scalar) {
    if (is_here(depth)) field_ = scalar;
    if (!is_in_list(depth)) return;
    is_list_ = scalar.state == FormField::State::Present;
    list_.push_back(scalar.value);
}

void JsonSearch::see(std::size_t depth, Container container) {
    if (is_in_list(depth)) is_list_ = false;
    if (!is_here(depth)) return;
    field_ = {FormField::State::Malformed, {}};
    is_list_ = container == Container::Array;
}

bool JsonSearch::is_here(std::size_t depth) const {
    return depth == keys_.size() && matched_ == depth;
}

bool JsonSearch::is_in_list(std::size_t depth) const {
    return is_list_ && depth == keys_.size() + 1 && matched_ == keys_.size();
}

JsonFinding JsonSearch::finding() && {
    if (is_contested_) return {{FormField::State::Repeated, {}}, {}};
    if (field_.state == FormField::State::Present) return {field_, {field_.value}};
    return {std::move(field_), is_list_ ? std::move(list_) : std::vector<std::string>{}};
}

}  // namespace policy
