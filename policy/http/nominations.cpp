#include "policy/http/nominations.h"

#include <algorithm>

#include "policy/base/text.h"

namespace policy {

Nominations::Nominations(const FieldList& fields) {
    for (const auto& [name, value] : fields) {
        if (!equals_ignoring_case(name, "connection")) continue;
        for_each_list_item(value, [this](std::string_view item) { add(item); });
    }
}

void Nominations::add(std::string_view name) {
    if (equals_ignoring_case(name, "close") || equals_ignoring_case(name, "keep-alive")) return;
    too_many_ = too_many_ || names_.size() == kMost;
    if (!too_many_) names_.push_back(name);
}

bool Nominations::contains(std::string_view name) const {
    return too_many_ || std::any_of(names_.begin(), names_.end(), [name](std::string_view other) {
               return equals_ignoring_case(name, other);
           });
}

}  // namespace policy
