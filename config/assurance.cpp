#include "config/assurance.h"

#include "config/units.h"

namespace config {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct Level {
    std::string_view name;
    std::optional<policy::Duration> idle;  // Nothing: no limit.
    policy::Duration absolute;
    bool is_hard = false;
};

// SP 800-63B-4 §2.1.3, §2.2.3, §2.3.3.
Level limits_of(Assurance level) {
    switch (level) {
        case Assurance::Aal2:
            return {"aal2", hours(1), hours(24)};
        case Assurance::Aal3:
            return {"aal3", minutes(15), hours(12), true};
        case Assurance::None:
        case Assurance::Aal1:
            break;
    }
    return {"aal1", std::nullopt, hours(24 * 30)};
}

}  // namespace

void check_assurance(const Value& value, const session::Lifetime& users,
                     const AssuranceSettings& assurance) {
    if (assurance.level == Assurance::None) {
        if (assurance.deviation)
            value.report().add(value.place_of("assurance_deviation"),
                               "deviates from no `assurance`");
        return;
    }
    const auto level = limits_of(assurance.level);
    const auto tell = [&](std::string_view key, policy::Duration is, policy::Duration most) {
        const auto place = value.place_of(value.find(key) ? key : "assurance");
        const auto text = "keeps sessions for " + duration_text(is) + ", and " +
                          std::string(level.name) + " allows " + duration_text(most);
        if (level.is_hard && key == "absolute_timeout") return value.report().add(place, text);
        if (!assurance.deviation)
            value.report().warn(place, text +
                                           "; if that is meant, say why in `assurance_deviation: "
                                           "{ reason: \"...\" }`");
    };
    if (users.absolute > level.absolute) tell("absolute_timeout", users.absolute, level.absolute);
    if (level.idle && users.idle > *level.idle) tell("idle_timeout", users.idle, *level.idle);
}

}  // namespace config
