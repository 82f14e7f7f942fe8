#include <algorithm>

#include "config/decode.h"
#include "config/rows.h"
#include "config/units.h"

namespace config {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr Range<policy::Duration> kTimeouts{milliseconds(10), hours(1)};

// Connections read into buffers of 32 KiB; one byte of them stays free.
constexpr std::size_t kLargestHead = 32 * 1024 - 1;

// Limits that the policy does not mention give way to those that it does.
void fit_target(const Value& value, policy::HeadLimits& head) {
    if (head.target > head.total && value.find("target_bytes")) {
        value.report().add(value.place_of("target_bytes"),
                           "is larger than head_bytes (" + size_text(head.total) + ")");
    }
    head.target = std::min(head.target, head.total);
    head.line = std::min(head.line, head.total);
}

}  // namespace

void decode_limits(const Value& value, Draft& draft) {
    auto& limits = draft.settings.limits;
    value.read_keys({
        {"connections", count_into(limits.connections, {1, 1'000'000})},
        {"head_bytes", size_into(limits.head.total, {512, kLargestHead})},
        {"target_bytes", size_into(limits.head.target, {64, kLargestHead})},
        {"header_fields", count_into(limits.head.fields, {1, 1000})},
        {"handshake_timeout", duration_into(limits.handshake_timeout, kTimeouts)},
        {"head_timeout", duration_into(limits.head_timeout, kTimeouts)},
        {"keep_alive_timeout", duration_into(limits.keep_alive_timeout, kTimeouts)},
        {"body_timeout", duration_into(limits.body_timeout, kTimeouts)},
        {"drain_timeout", duration_into(limits.drain_timeout, kTimeouts)},
    });
    fit_target(value, limits.head);
}

}  // namespace config
