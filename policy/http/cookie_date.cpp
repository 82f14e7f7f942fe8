#include <array>
#include <cstdint>

#include "policy/base/text.h"
#include "policy/http/set_cookie.h"

// RFC 6265bis §5.6.1, step by step. Order and punctuation mean little: each piece of text between
// delimiters is tried as time, day, month and year, and the first fit of each counts.

namespace policy {

namespace {

using std::chrono::seconds;

struct Date {
    std::optional<seconds> time;  // Of day.
    std::optional<unsigned> day;
    std::optional<unsigned> month;
    std::optional<int> year;
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_delimiter(char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return byte == 0x09 || (byte >= 0x20 && byte <= 0x2F) || (byte >= 0x3B && byte <= 0x40) ||
           (byte >= 0x5B && byte <= 0x60) || (byte >= 0x7B && byte <= 0x7E);
}

struct DigitCount {
    std::size_t least;
    std::size_t most;
};

// Takes a number off the front of `text`; nothing when it has too few or too many digits.
std::optional<int> take_number(std::string_view& text, DigitCount digits) {
    std::size_t size = 0;
    int number = 0;
    for (; size < text.size() && is_digit(text[size]); ++size) {
        if (size == digits.most) return std::nullopt;
        number = number * 10 + (text[size] - '0');
    }
    if (size < digits.least) return std::nullopt;
    text.remove_prefix(size);
    return number;
}

bool take_colon(std::string_view& text) {
    if (!text.starts_with(':')) return false;
    text.remove_prefix(1);
    return true;
}

// hh:mm:ss, each with one or two digits. Out of range gives a time beyond the day: step 5
// rejects the date then, instead of trying the next piece.
std::optional<seconds> parse_time(std::string_view text) {
    constexpr seconds kImpossible = std::chrono::hours{99};
    const auto hour = take_number(text, {1, 2});
    if (!hour || !take_colon(text)) return std::nullopt;
    const auto minute = take_number(text, {1, 2});
    if (!minute || !take_colon(text)) return std::nullopt;
    const auto second = take_number(text, {1, 2});
    if (!second) return std::nullopt;
    if (*hour > 23 || *minute > 59 || *second > 59) return kImpossible;
    return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + seconds{*second};
}

std::optional<unsigned> parse_day(std::string_view text) {
    const auto day = take_number(text, {1, 2});
    if (!day) return std::nullopt;
    return static_cast<unsigned>(*day);
}

std::optional<unsigned> parse_month(std::string_view text) {
    constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
    for (unsigned i = 0; i < kMonths.size(); ++i) {
        if (equals_ignoring_case(text.substr(0, 3), kMonths[i])) return i + 1;
    }
    return std::nullopt;
}

std::optional<int> parse_year(std::string_view text) {
    const auto year = take_number(text, {2, 4});
    if (!year) return std::nullopt;
    if (*year >= 70 && *year <= 99) return *year + 1900;
    if (*year <= 69) return *year + 2000;
    return year;
}

template <class Part>
bool fill(std::optional<Part>& part, std::optional<Part> found) {
    if (part || !found) return false;
    part = found;
    return true;
}

void take_piece(std::string_view piece, Date& date) {
    if (fill(date.time, parse_time(piece))) return;
    if (fill(date.day, parse_day(piece))) return;
    if (fill(date.month, parse_month(piece))) return;
    fill(date.year, parse_year(piece));
}

std::optional<Instant> to_instant(const Date& date) {
    if (!date.time || !date.day || !date.month || !date.year) return std::nullopt;
    if (*date.time >= std::chrono::days{1} || *date.year < 1601) return std::nullopt;
    const std::chrono::year_month_day calendar{std::chrono::year{*date.year},
                                               std::chrono::month{*date.month},
                                               std::chrono::day{*date.day}};
    if (!calendar.ok()) return std::nullopt;
    return std::chrono::sys_days{calendar} + *date.time;
}

}  // namespace

std::optional<Instant> parse_cookie_date(std::string_view text) {
    Date date;
    while (!text.empty()) {
        std::size_t size = 0;
        while (size < text.size() && !is_delimiter(text[size])) ++size;
        if (size > 0) take_piece(text.substr(0, size), date);
        text.remove_prefix(size < text.size() ? size + 1 : size);
    }
    return to_instant(date);
}

}  // namespace policy
