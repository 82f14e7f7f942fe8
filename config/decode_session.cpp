#include <algorithm>

#include "config/decode.h"
#include "config/rows.h"
#include "config/units.h"
#include "policy/http/cookie.h"

namespace config {

namespace {

using policy::SameSite;
using session::AnonymousSessions;
using std::chrono::seconds;

constexpr std::string_view kHostPrefix = "__Host-";
constexpr Range<policy::Duration> kLifetimes{seconds(1), std::chrono::hours(24 * 30)};

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
    value.read_keys({
        {"name", text_into(cookie.name)},
        {"same_site", choice_into(cookie.same_site, kSameSite)},
        {"insecure_cookie_name", reason_into(reason)},
    });
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

void check_lifetime(const Value& value, const session::Lifetime& lifetime, std::string prefix) {
    if (lifetime.idle <= lifetime.absolute) return;
    const auto idle = prefix + "idle_timeout", absolute = prefix + "absolute_timeout";
    const auto wrong = value.find(idle) ? idle : absolute;
    value.report().add(value.place_of(wrong), "contradicts: " + idle + " (" +
                                                  duration_text(lifetime.idle) +
                                                  ") is longer than " + absolute + " (" +
                                                  duration_text(lifetime.absolute) + ")");
}

// Activity must reach the store well before the idle timeout that it holds off.
policy::Duration touch_interval(const session::Limits& limits) {
    return std::min(
        {policy::Duration(seconds(30)), limits.user.idle / 4, limits.stranger.idle / 4});
}

}  // namespace

void decode_session(const Value& value, Draft& draft) {
    auto& session = draft.settings.session;
    auto& [user, stranger, privileged, touch] = session.limits;
    const auto into_draft = [&draft](void (*decode)(const Value&, Draft&)) {
        return [&draft, decode](const Value& part) { decode(part, draft); };
    };
    value.read_keys({
        {"cookie", into_draft(decode_cookie)},
        {"keys", into_draft(decode_session_keys), Need::Required},
        {"store", into_draft(decode_store)},
        {"idle_timeout", duration_into(user.idle, kLifetimes)},
        {"absolute_timeout", duration_into(user.absolute, kLifetimes)},
        {"anonymous", choice_into(session.anonymous, kAnonymous)},
        {"anonymous_idle_timeout", duration_into(stranger.idle, kLifetimes)},
        {"anonymous_absolute_timeout", duration_into(stranger.absolute, kLifetimes)},
        {"vault", [&](const Value& part) { decode_vault(part, session.vault); }},
        {"path_parameters", into_draft(decode_path_parameters)},
        {"binding", into_draft(decode_binding)},
    });
    check_lifetime(value, user, "");
    check_lifetime(value, stranger, "anonymous_");
    touch = touch_interval(session.limits);
}

}  // namespace config
