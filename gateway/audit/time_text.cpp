#include "gateway/audit/time_text.h"

#include <chrono>

namespace gateway {
namespace {

void append_padded(std::string& out, unsigned number, std::size_t width) {
    const auto digits = std::to_string(number);
    out.append(width - std::min(width, digits.size()), '0').append(digits);
}

}  // namespace

std::string to_text(policy::Instant time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);

    std::string out;
    out.reserve(24);
    append_padded(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    append_padded(out.append("-"), static_cast<unsigned>(date.month()), 2);
    append_padded(out.append("-"), static_cast<unsigned>(date.day()), 2);
    append_padded(out.append("T"), static_cast<unsigned>(clock.hours().count()), 2);
    append_padded(out.append(":"), static_cast<unsigned>(clock.minutes().count()), 2);
    append_padded(out.append(":"), static_cast<unsigned>(clock.seconds().count()), 2);
    append_padded(out.append("."), static_cast<unsigned>(clock.subseconds().count()), 3);
    return out.append("Z");
}

}  // namespace gateway
