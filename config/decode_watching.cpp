// What is watched and where it is told: detection and audit.

#include "config/decode.h"
#include "config/rows.h"
#include "config/units.h"

namespace config {

namespace {

Row threshold_into(session::Threshold& target) {
    return [&target](const Value& value) {
        const auto text = value.text();
        if (!text) return;
        if (const auto threshold = parse_threshold(*text)) {
            target = *threshold;
        } else {
            value.complain("must be a number within a time, as in `5 in 15m`, or `off`");
        }
    };
}

void decode_failed_logins(const Value& value, session::AttemptLimits& attempts) {
    value.read_keys({
        {"per_user", threshold_into(attempts.per_user)},
        {"per_network", threshold_into(attempts.per_network)},
    });
}

}  // namespace

void decode_detection(const Value& value, Draft& draft) {
    value.read_keys({
        {"failed_logins",
         [&](const Value& part) { decode_failed_logins(part, draft.settings.attempts); }},
    });
}

void decode_audit(const Value& value, Draft& draft) {
    auto& file = draft.settings.audit.file;
    bool to_stdout = false;
    value.read_keys({{"file", file_into(file)}, {"stdout", flag_into(to_stdout)}});
    if (value.is_map() && value.find("file").has_value() == to_stdout) {
        value.complain("needs either `file: NAME` or `stdout: true`");
    }
}

}  // namespace config
