#include "policy/learn/find_login.h"

#include <algorithm>
#include <array>

#include "policy/base/text.h"
#include "policy/learn/fields.h"
#include "policy/learn/redact.h"

namespace policy::learn {
namespace {

std::vector<NameValue> fields_at(UserSource source, const RecordedRequest& request) {
    switch (source) {
        case UserSource::Form:
            return form_fields(request);
        case UserSource::Json:
            return json_fields(request.headers, request.body);
        case UserSource::Basic:
            break;
    }
    const auto basic = basic_credentials(request);
    return basic ? std::vector<NameValue>{{"", basic->user}} : std::vector<NameValue>();
}

bool sounds_like_a_user(std::string_view field) {
    static constexpr std::array<std::string_view, 6> kWords{"user", "login",   "name",
                                                            "mail", "account", "uid"};
    const auto lower = ascii_lower(field);
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

// A request that carries the name is not yet a login: one with a password is.
bool carries_password(const UserPlace& place, const RecordedRequest& request) {
    if (place.source == UserSource::Basic) return true;
    const auto fields = fields_at(place.source, request);
    return std::any_of(fields.begin(), fields.end(), [](const NameValue& field) {
        return is_password_name(field.name) || field.value == kRedacted;
    });
}

std::string path_of(const Exchange& exchange) {
    return split_target(exchange.request.target).path;
}

enum class Paths : std::uint8_t { Same, Any };

bool is_like(const Exchange& left, const Exchange& right, Paths paths) {
    if (left.request.method != right.request.method) return false;
    return paths == Paths::Any || path_of(left) == path_of(right);
}

std::vector<const Exchange*> attempts(const Recording& recording, Step step,
                                      const UserPlace& place) {
    std::vector<const Exchange*> found;
    for (const auto& exchange : recording.exchanges) {
        const auto value = value_at(place, exchange.request);
        if (exchange.step == step && value && equals_ignoring_case(*value, recording.user))
            found.push_back(&exchange);
    }
    return found;
}

std::optional<LoginPair> pair_with(const Recording& recording, const Exchange& failure,
                                   const UserPlace& place, Paths paths) {
    LoginPair pair;
    pair.user = place;
    for (const auto* each : attempts(recording, Step::Login, place)) {
        if (is_like(*each, failure, paths)) pair.success = each;
    }
    if (!pair.success) return std::nullopt;
    for (const auto* each : attempts(recording, Step::Fail, place)) {
        if (is_like(*each, failure, Paths::Same)) pair.failures.push_back(each);
    }
    return pair;
}

std::optional<LoginPair> best_pair(const Recording& recording, Paths paths) {
    std::optional<LoginPair> best;
    for (const auto& exchange : recording.exchanges) {
        if (exchange.step != Step::Fail) continue;
        for (const auto& place : places_of_user(exchange.request, recording.user)) {
            auto pair = pair_with(recording, exchange, place, paths);
            if (pair && carries_password(place, exchange.request)) return pair;
            if (pair && !best) best = std::move(pair);
        }
    }
    return best;
}

bool is_in_query(const Recording& recording) {
    const auto& all = recording.exchanges;
    return std::any_of(all.begin(), all.end(), [&](const Exchange& exchange) {
        const auto fields = query_fields(exchange.request);
        const bool is_attempt = exchange.step == Step::Fail || exchange.step == Step::Login;
        return is_attempt && std::any_of(fields.begin(), fields.end(), [](const auto& field) {
                   return is_password_name(field.name) || field.value == kRedacted;
               });
    });
}

bool any_attempt(const Recording& recording, Step step) {
    const auto& all = recording.exchanges;
    return std::any_of(all.begin(), all.end(), [&](const Exchange& exchange) {
        return exchange.step == step && !places_of_user(exchange.request, recording.user).empty();
    });
}

void say_what_is_missing(const Recording& recording, Remarks& missing) {
    if (is_in_query(recording))
        missing.emplace_back(
            "The password travels in the query of the URL. Sallyport reads names "
            "from forms, JSON and Basic credentials only.");
    bool has_both = true;
    for (const auto step : {Step::Fail, Step::Login}) {
        if (any_attempt(recording, step)) continue;
        has_both = false;
        missing.push_back("No request of the step `" + std::string(name(step)) +
                          "` carried the user name in a form, in JSON or as Basic credentials.");
    }
    if (has_both)
        missing.emplace_back(
            "The failed login and the successful one have no method and no field "
            "in common.");
}

}  // namespace

std::optional<std::string> value_at(const UserPlace& place, const RecordedRequest& request) {
    const auto fields = fields_at(place.source, request);
    const auto* value = find_value(fields, place.name);
    return value ? std::optional(*value) : std::nullopt;
}

std::vector<UserPlace> places_of_user(const RecordedRequest& request, const std::string& user) {
    std::vector<UserPlace> places;
    for (const auto source : {UserSource::Form, UserSource::Json, UserSource::Basic}) {
        for (const auto& [field, value] : fields_at(source, request)) {
            if (equals_ignoring_case(value, user)) places.push_back({source, field});
        }
    }
    std::stable_partition(places.begin(), places.end(),
                          [](const UserPlace& place) { return sounds_like_a_user(place.name); });
    return places;
}

std::optional<LoginPair> find_login(const Recording& recording, Remarks& missing) {
    if (auto pair = best_pair(recording, Paths::Same)) return pair;
    if (auto pair = best_pair(recording, Paths::Any)) return pair;
    say_what_is_missing(recording, missing);
    return std::nullopt;
}

}  // namespace policy::learn
