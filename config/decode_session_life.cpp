// How long sessions live and what becomes of them on the way: limits, rotation, how many a user may
// have, and the assurance level that all of it is held against.

#include <algorithm>
#include <charconv>

#include "config/assurance.h"
#include "config/decode.h"
#include "config/rows.h"
#include "config/units.h"

namespace config {

namespace {

using session::OnReuse;
using WhenExceeded = session::UserLimit::WhenExceeded;
using std::chrono::hours;
using std::chrono::seconds;

constexpr Range<policy::Duration> kLifetimes{seconds(1), hours(24 * 30)};
constexpr Range<policy::Duration> kRotations{seconds(1), hours(24)};
constexpr Range<policy::Duration> kGraces{seconds(0), seconds(60)};

constexpr Choices<OnReuse, 4> kReactions{{{"observe", OnReuse::Observe},
                                          {"step_up", OnReuse::StepUp},
                                          {"revoke_family", OnReuse::RevokeFamily},
                                          {"revoke_user", OnReuse::RevokeUser}}};
constexpr Choices<WhenExceeded, 3> kExceeded{{{"refuse", WhenExceeded::Refuse},
                                              {"end_oldest", WhenExceeded::EndOldest},
                                              {"allow", WhenExceeded::Allow}}};
constexpr Choices<Assurance, 3> kAssurance{
    {{"aal1", Assurance::Aal1}, {"aal2", Assurance::Aal2}, {"aal3", Assurance::Aal3}}};

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
    auto interval =
        std::min({policy::Duration(seconds(30)), limits.user.idle / 4, limits.stranger.idle / 4});
    for (const auto& each : limits.privileged)
        interval = std::min(interval, each.lifetime.idle / 4);
    return interval;
}

void decode_rotation(const Value& value, session::RotationRules& rotation) {
    value.read_keys({
        {"every", duration_into(rotation.every, kRotations)},
        {"grace", duration_into(rotation.grace, kGraces)},
        {"on_reuse", choice_into(rotation.on_reuse, kReactions)},
    });
    if (rotation.grace < rotation.every) return;
    value.report().add(value.place_of(value.find("grace") ? "grace" : "every"),
                       "contradicts: grace (" + duration_text(rotation.grace) +
                           ") is not shorter than every (" + duration_text(rotation.every) + ")");
}

void decode_privileged(const Value& value, session::Limits& limits) {
    auto& each = limits.privileged.emplace_back();
    each.lifetime = limits.user;
    value.read_keys({
        {"group",
         [&](const Value& part) {
             each_of(part, [&](const Value& item) {
                 if (auto text = item.text()) each.groups.push_back(std::move(*text));
             });
         },
         Need::Required},
        {"idle_timeout", duration_into(each.lifetime.idle, kLifetimes)},
        {"absolute_timeout", duration_into(each.lifetime.absolute, kLifetimes)},
    });
    each.lifetime.idle = std::min(each.lifetime.idle, each.lifetime.absolute);
    if (each.lifetime.absolute > limits.user.absolute || each.lifetime.idle > limits.user.idle)
        value.complain("is longer than the limits of other users: it can never apply");
}

void decode_user_limit(const Value& value, session::UserLimit& limit) {
    value.read_keys({
        {"sessions", count_into(limit.sessions, {1, 10'000}), Need::Required},
        {"when_exceeded", choice_into(limit.when_exceeded, kExceeded)},
    });
}

void decode_renew_at(const Value& value, double& share) {
    const auto text = value.text();
    if (!text) return;
    double read = 0;
    const auto* const end = text->data() + text->size();
    const auto [stopped, error] = std::from_chars(text->data(), end, read);
    if (error == std::errc{} && stopped == end && read > 0 && read < 1) {
        share = read;
    } else {
        value.complain("must be a share between 0 and 1, as in `0.5`");
    }
}

}  // namespace

std::vector<Key> cookie_life_keys(session::CookieSettings& cookie) {
    return {
        {"persistent", flag_into(cookie.is_persistent)},
        {"rolling", flag_into(cookie.is_rolling)},
        {"renew_at", [&](const Value& part) { decode_renew_at(part, cookie.renew_at); }},
        {"write_cookie", flag_into(cookie.has_write_cookie)},
    };
}

std::vector<Key> session_life_keys(Draft& draft) {
    auto& session = draft.settings.session;
    auto& limits = session.limits;
    return {
        {"idle_timeout", duration_into(limits.user.idle, kLifetimes)},
        {"absolute_timeout", duration_into(limits.user.absolute, kLifetimes)},
        {"anonymous_idle_timeout", duration_into(limits.stranger.idle, kLifetimes)},
        {"anonymous_absolute_timeout", duration_into(limits.stranger.absolute, kLifetimes)},
        {"privileged",
         [&](const Value& part) {
             each_of(part, [&](const Value& item) { decode_privileged(item, limits); });
         }},
        {"rotation", [&](const Value& part) { decode_rotation(part, session.rotation); }},
        {"per_user_limit", [&](const Value& part) { decode_user_limit(part, session.user_limit); }},
        {"assurance", choice_into(draft.settings.assurance.level, kAssurance)},
        {"assurance_deviation", reason_into(draft.settings.assurance.deviation)},
    };
}

void check_session_life(const Value& value, Draft& draft) {
    auto& limits = draft.settings.session.limits;
    check_lifetime(value, limits.user, "");
    check_lifetime(value, limits.stranger, "anonymous_");
    limits.touch_interval = touch_interval(limits);
    check_assurance(value, limits.user, draft.settings.assurance);
}

}  // namespace config
