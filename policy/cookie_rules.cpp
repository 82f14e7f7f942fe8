#include "policy/cookie_rules.h"

#include "policy/base/text.h"

namespace policy {

CookieMode CookieRules::mode_of(std::string_view name) const {
    for (const auto& rule : rules) {
        if (matches_glob(rule.name, name)) return rule.mode;
    }
    return otherwise;
}

}  // namespace policy
