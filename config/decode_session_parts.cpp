// The parts of the session section that have an inner life of their own: keys, binding, path
// parameters.

#include <algorithm>
#include <set>

#include "config/decode.h"
#include "config/rows.h"
#include "policy/base/text.h"

namespace config {

namespace {

using Mode = policy::BindingMode;

constexpr Choices<Mode, 5> kBindingModes{{{"off", Mode::Off},
                                          {"observe", Mode::Observe},
                                          {"step_up", Mode::StepUp},
                                          {"lock", Mode::Lock},
                                          {"revoke", Mode::Revoke}}};

bool is_key_id(std::string_view text) {
    constexpr std::size_t kLongest = 8;
    const auto is_letter_or_digit = [](char c) {
        const char lower = policy::ascii_lower(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
    };
    return text.size() <= kLongest && std::all_of(text.begin(), text.end(), is_letter_or_digit);
}

bool is_parameter_name(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const char lower = policy::ascii_lower(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.';
    });
}

void decode_key_id(const Value& value, PlacedText& id) {
    auto text = value.text();
    if (!text) return;
    if (!is_key_id(*text)) value.complain("must be 1 to 8 letters or digits");
    id = {std::move(*text), value.place()};
}

void decode_session_key(const Value& value, Draft& draft) {
    CookieKeyDraft key;
    value.read_keys({
        {"id", [&](const Value& id) { decode_key_id(id, key.id); }, Need::Required},
        {"file",
         [&](const Value& file) {
             key.file.place = file.place();
             if (auto name = file.file()) key.file.file = std::move(*name);
         },
         Need::Required},
    });
    draft.cookie_keys.push_back(std::move(key));
}

void check_ids_differ(const Value& value, const std::vector<CookieKeyDraft>& keys) {
    std::set<std::string> ids;
    for (const auto& key : keys) {
        if (key.id.text.empty() || ids.insert(key.id.text).second) continue;
        value.report().add(key.id.place, "is the id of an earlier key, too");
    }
}

void decode_prefix(const Value& value, policy::PrefixLengths& network) {
    std::vector<unsigned> bits;
    value.each_item([&bits](const Value& item) {
        const std::uint64_t most = bits.empty() ? 32 : 128;
        bits.push_back(static_cast<unsigned>(item.count({1, most}).value_or(most)));
    });
    if (bits.size() == 2) {
        network = {bits[0], bits[1]};
    } else if (value.is_list()) {
        value.complain("must be two numbers of bits, for IPv4 and IPv6, as in `[24, 56]`");
    }
}

void decode_network_binding(const Value& value, policy::NetworkBinding& binding) {
    value.read_keys({
        {"prefix", [&](const Value& prefix) { decode_prefix(prefix, binding.network); }},
        {"exact", flag_into(binding.exact)},
        {"mode", choice_into(binding.mode, kBindingModes)},
    });
    if (binding.exact && value.find("prefix")) {
        value.complain("has both prefix and exact; choose one");
    }
}

void decode_agent_binding(const Value& value, policy::AgentBinding& binding) {
    value.read_keys({{"mode", choice_into(binding.mode, kBindingModes)}});
}

}  // namespace

void decode_session_keys(const Value& value, Draft& draft) {
    value.each_item([&draft](const Value& item) { decode_session_key(item, draft); });
    if (value.is_list() && draft.cookie_keys.empty()) value.complain("needs at least one key");
    check_ids_differ(value, draft.cookie_keys);
}

void decode_path_parameters(const Value& value, Draft& draft) {
    auto& names = draft.settings.path_parameters;
    if (value.is_list()) names.clear();
    value.each_item([&names](const Value& item) {
        constexpr std::size_t kLongest = 64;
        const auto name = item.text();
        if (!name) return;
        if (!is_parameter_name(*name) || name->size() > kLongest) {
            item.complain("must be 1 to 64 letters, digits, `-`, `_` and `.`");
            return;
        }
        names.push_back(policy::ascii_lower(*name));
    });
}

void decode_binding(const Value& value, Draft& draft) {
    auto& binding = draft.settings.session.binding;
    value.read_keys({
        {"network", [&](const Value& part) { decode_network_binding(part, binding.network); }},
        {"user_agent", [&](const Value& part) { decode_agent_binding(part, binding.agent); }},
    });
}

}  // namespace config
