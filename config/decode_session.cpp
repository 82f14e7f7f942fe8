#include <array>

#include "config/decode.h"
#include "config/rows.h"
#include "policy/http/cookie.h"
#include "policy/http/reserved_names.h"

namespace config {

namespace {

using policy::SameSite;
using session::AnonymousSessions;

constexpr std::string_view kHostPrefix = "__Host-";

constexpr Choices<SameSite, 2> kSameSite{{{"lax", SameSite::Lax}, {"strict", SameSite::Strict}}};
constexpr Choices<AnonymousSessions, 2> kAnonymous{
    {{"never", AnonymousSessions::Never}, {"on_demand", AnonymousSessions::OnDemand}}};

void check_cookie_name(const Value& value, const std::string& name, bool is_override) {
    constexpr std::size_t kLongest = 64;
    auto place = value.place_of("name");
    if (!policy::is_cookie_name(name) || name == kHostPrefix || name.size() > kLongest) {
        value.report().add(place, "must be a cookie name of at most 64 characters");
    } else if (!name.starts_with(kHostPrefix) && !is_override) {
        value.report().add(place,
                           "must begin with `__Host-`; another name needs "
                           "`insecure_cookie_name: { reason: \"...\" }` beside it");
    }
}

void decode_cookie(const Value& value, Draft& draft) {
    auto& cookie = draft.settings.session.cookie;
    std::optional<std::string> reason;
    auto keys = cookie_life_keys(cookie);
    keys.push_back({"name", text_into(cookie.name)});
    keys.push_back({"same_site", choice_into(cookie.same_site, kSameSite)});
    keys.push_back({"insecure_cookie_name", reason_into(reason)});
    value.read_keys(keys);
    const auto insecure = value.find("insecure_cookie_name");
    check_cookie_name(value, cookie.name, insecure.has_value());
    if (reason) draft.settings.weakenings.push_back({insecure->place().path, std::move(*reason)});
}

void decode_vault(const Value& value, session::VaultLimits& vault) {
    value.read_keys({
        {"cookies", count_into(vault.count, {1, 1000})},
        {"bytes", size_into(vault.bytes, {256, 256 * 1024})},
    });
}

void decode_clear_site_data(const Value& value, std::vector<std::string>& what) {
    constexpr std::array<std::string_view, 4> kWhat{"cache", "cookies", "storage",
                                                    "executionContexts"};
    if (value.is_list()) what.clear();
    value.each_item([&](const Value& item) {
        if (const auto index = item.choice(kWhat)) what.emplace_back(kWhat[*index]);
    });
}

// A path of ours on every host, or none.
void decode_logout_path(const Value& value, std::string& path) {
    if (value.is_word("off")) {
        path.clear();
        return;
    }
    if (const auto read = decode_path(value).path) path = read->text();
}

void decode_header(const Value& value, std::string& header) {
    constexpr std::size_t kLongest = 64;
    auto name = value.text();
    if (!name) return;
    if (!policy::is_plain_name(*name) || name->size() > kLongest || is_taken(*name))
        value.complain("is no header name of at most 64 letters, digits and `-` that is free");
    header = std::move(*name);
}

}  // namespace

void decode_session(const Value& value, Draft& draft) {
    auto& session = draft.settings.session;
    const auto into_draft = [&draft](void (*decode)(const Value&, Draft&)) {
        return [&draft, decode](const Value& part) { decode(part, draft); };
    };
    std::vector<Key> keys{
        {"cookie", into_draft(decode_cookie)},
        {"keys", into_draft(decode_session_keys), Need::Required},
        {"store", into_draft(decode_store)},
        {"header", [&](const Value& part) { decode_header(part, session.header); }},
        {"anonymous", choice_into(session.anonymous, kAnonymous)},
        {"vault", [&](const Value& part) { decode_vault(part, session.vault); }},
        {"path_parameters", into_draft(decode_path_parameters)},
        {"binding", into_draft(decode_binding)},
        {"logout",
         [&](const Value& part) { decode_logout_path(part, draft.settings.logout_path); }},
        {"clear_site_data",
         [&](const Value& part) { decode_clear_site_data(part, session.clear_site_data); }},
    };
    for (auto& key : session_life_keys(draft)) keys.push_back(std::move(key));
    value.read_keys(keys);
    draft.store = value.place_of("store");
    if (draft.settings.sealed && !value.find("vault")) session.vault.bytes = 1536;
    check_session_life(value, draft);
}

}  // namespace config
