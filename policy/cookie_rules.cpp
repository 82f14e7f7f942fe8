#include "policy/cookie_rules.h"

#include <algorithm>

#include "policy/base/text.h"

namespace policy {

CookieMode CookieRules::mode_of(std::string_view name) const {
    for (const auto& rule : rules) {
        if (matches_glob(rule.name, name)) return rule.mode;
    }
    return otherwise;
}

bool CookieRules::has_rule_for(std::string_view name) const {
    return std::any_of(rules.begin(), rules.end(),
                       [name](const CookieRule& rule) { return matches_glob(rule.name, name); });
}

}  // namespace policy
