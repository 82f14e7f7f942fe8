#pragma once

// Header fields of answers that the gateway says itself.

#include <string>
#include <vector>

namespace policy {

struct OwnField {
    std::string name;
    std::string value;
    bool operator==(const OwnField&) const = default;
};

using OwnFields = std::vector<OwnField>;

}  // namespace policy
