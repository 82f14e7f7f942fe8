// What is watched, where it is told, and who may ask: detection, audit and admin.

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

void decode_admin(const Value& value, Draft& draft) {
    constexpr std::size_t kLongest = 107;  // What a socket's address has room for.
    auto& socket = draft.settings.admin_socket;
    value.read_keys({{"socket", file_into(socket), Need::Required}});
    if (socket && socket->string().size() > kLongest)
        value.report().add(
            value.place_of("socket"),
            "is longer than the 107 bytes that a socket's name may have: " + socket->string());
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
