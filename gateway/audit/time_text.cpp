#include "gateway/audit/time_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace gateway {
namespace {

using namespace std::chrono;

constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
constexpr policy::Instant kFirst = sys_days(year(0) / January / 1);
constexpr policy::Instant kLast = sys_days(year(10'000) / January / 1) - milliseconds(1);

void write_digits(char* to, std::size_t count, std::int64_t number) {
    for (; count > 0; number /= 10) to[--count] = static_cast<char>('0' + number % 10);
}

}  // namespace

void TimeText::render_second() {
    const auto day = floor<days>(second_);
    const year_month_day date(day);
    const hh_mm_ss clock(second_ - day);

    std::copy(kForm.begin(), kForm.end(), text_.begin());
    write_digits(&text_[0], 4, static_cast<int>(date.year()));
    write_digits(&text_[5], 2, static_cast<unsigned>(date.month()));
    write_digits(&text_[8], 2, static_cast<unsigned>(date.day()));
    write_digits(&text_[11], 2, clock.hours().count());
    write_digits(&text_[14], 2, clock.minutes().count());
    write_digits(&text_[17], 2, clock.seconds().count());
}

std::string_view TimeText::of(policy::Instant time) {
    const auto shown = std::clamp(time, kFirst, kLast);
    const auto second = floor<seconds>(shown);
    if (second != second_) {
        second_ = second;
        render_second();
    }
    write_digits(&text_[20], 3, (shown - second).count());
    return {text_.data(), text_.size()};
}

}  // namespace gateway
