#include "config/report.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "policy/base/text.h"

namespace config {

namespace {

constexpr std::size_t kLongestQuote = 80;

bool is_printable(char c) {
    return c >= ' ' && c != '\x7f' && c != '"' && c != '\\';
}

std::string escaped(char c) {
    if (c == '"' || c == '\\') return {'\\', c};
    const auto byte = static_cast<std::uint8_t>(c);
    return "\\x" + policy::to_hex({&byte, 1});
}

}  // namespace

std::string to_string(const Complaint& complaint) {
    if (complaint.line == 0) return complaint.file.string() + ": " + complaint.text;
    return complaint.file.string() + ":" + std::to_string(complaint.line) + ":" +
           std::to_string(complaint.column) + ": " + complaint.text;
}

void Report::add(Mark mark, std::string text) {
    complaints_.push_back({file_, mark.line, mark.column, std::move(text)});
}

void Report::add(const Place& place, std::string_view sentence) {
    add(place.mark, (place.path.empty() ? "the policy" : place.path) + " " + std::string(sentence));
}

void Report::warn(const Place& place, std::string_view sentence) {
    warnings_.push_back(
        {file_, place.mark.line, place.mark.column, place.path + " " + std::string(sentence)});
}

Complaints Report::take_warnings() {
    return std::exchange(warnings_, {});
}

void Report::adopt(Complaints complaints) {
    complaints_.insert(complaints_.end(), std::make_move_iterator(complaints.begin()),
                       std::make_move_iterator(complaints.end()));
}

Complaints Report::take() {
    const auto is_other = [this](const Complaint& complaint) { return complaint.file != file_; };
    std::stable_sort(complaints_.begin(), complaints_.end(), [&](const auto& a, const auto& b) {
        return std::tuple(is_other(a), a.line, a.column) <
               std::tuple(is_other(b), b.line, b.column);
    });
    return std::exchange(complaints_, {});
}

std::string in_quotes(std::string_view text) {
    // Cut bytes of a character would not be UTF-8 any more.
    const bool keep_high_bytes = text.size() <= kLongestQuote && policy::is_valid_utf8(text);
    std::string quote = "\"";
    for (const char c : text.substr(0, kLongestQuote)) {
        const bool is_high = static_cast<std::uint8_t>(c) >= 0x80;
        const bool keep = is_high ? keep_high_bytes : is_printable(c);
        quote += keep ? std::string(1, c) : escaped(c);
    }
    return quote + (text.size() > kLongestQuote ? "...\"" : "\"");
}

std::string rule_name(const Report& report, const Place& place) {
    return report.file().filename().string() + ":" + std::to_string(place.mark.line);
}

}  // namespace config
