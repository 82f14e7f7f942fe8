#include "policy/http/field.h"

#include <algorithm>

#include "policy/base/text.h"

namespace policy {

const Field* FieldList::find(std::string_view name) const {
    for (const Field& field : fields_) {
        if (equals_ignoring_case(field.name, name)) return &field;
    }
    return nullptr;
}

std::size_t FieldList::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(
        fields_.begin(), fields_.end(),
        [name](const Field& field) { return equals_ignoring_case(field.name, name); }));
}

bool FieldList::lists(std::string_view name, std::string_view token) const {
    bool found = false;
    for (const Field& field : fields_) {
        if (!equals_ignoring_case(field.name, name)) continue;
        for_each_list_item(field.value, [&](std::string_view item) {
            found = found || equals_ignoring_case(item, token);
        });
    }
    return found;
}

}  // namespace policy
