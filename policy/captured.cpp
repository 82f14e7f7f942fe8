#include "policy/captured.h"

#include <utility>

namespace policy {

namespace {

using State = FormField::State;

constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kGap = "{}";

tl::unexpected<std::string> wrong(std::string why) {
    return tl::unexpected(std::move(why));
}

// Takes it off and tells whether it was there.
bool take_star_in_front(std::string_view& text) {
    if (!text.starts_with('*')) return false;
    text.remove_prefix(1);
    return true;
}

bool take_star_behind(std::string_view& text) {
    if (!text.ends_with('*')) return false;
    text.remove_suffix(1);
    return true;
}

// Of the pieces around the only gap.
struct Around {
    std::string_view before;
    std::string_view after;
};

tl::expected<Around, std::string> split(std::string_view text) {
    const auto gap = text.find(kGap);
    if (gap == kNone) return wrong("lacks the {} that stands for the value");
    const Around around{text.substr(0, gap), text.substr(gap + kGap.size())};
    if (around.after.find(kGap) != kNone) return wrong("has more than one {}");
    return around;
}

// Of two places.
FormField together(const FormField& one, const FormField& other) {
    if (one.state == State::Absent) return other;
    const bool agree = one.state == other.state && one.value == other.value;
    return agree || other.state == State::Absent ? one : FormField{State::Repeated, {}};
}

}  // namespace

CapturePattern::CapturePattern(std::string_view before, std::string_view after, Scope scope)
    : before_(before), after_(after), scope_(scope) {}

CapturePattern::Parsed CapturePattern::within(std::string_view text) {
    const auto around = split(text);
    if (!around) return tl::unexpected(around.error());
    if (around->before.empty() || around->after.empty())
        return wrong("needs some text before and after the {}");
    return CapturePattern(around->before, around->after, Scope::Within);
}

CapturePattern::Parsed CapturePattern::whole(std::string_view text) {
    const auto around = split(text);
    if (!around) return tl::unexpected(around.error());
    auto [before, after] = *around;
    const bool is_free_in_front = take_star_in_front(before);
    const bool is_free_behind = take_star_behind(after);
    if (before.find('*') != kNone || after.find('*') != kNone)
        return wrong("may have a * at its ends only");
    if ((is_free_in_front && before.empty()) || (is_free_behind && after.empty()))
        return wrong("needs some text between {} and *");
    CapturePattern pattern(before, after, Scope::Whole);
    if (!is_free_in_front) pattern.front_ = End::Fixed;
    if (!is_free_behind) pattern.back_ = End::Fixed;
    return pattern;
}

FormField CapturePattern::capture(std::string_view text) const {
    if (front_ == End::Fixed)
        return text.starts_with(before_) ? capture_at(text.substr(before_.size())) : FormField{};
    FormField captured;
    for (auto at = text.find(before_); at != kNone; at = text.find(before_, at + 1)) {
        captured = together(captured, capture_at(text.substr(at + before_.size())));
        if (captured.state == State::Repeated) break;
    }
    return captured;
}

FormField CapturePattern::capture_at(std::string_view rest) const {
    const auto nearby = rest.substr(0, kMaxCapture + after_.size());
    const bool is_all = nearby.size() == rest.size();
    if (back_ == End::Fixed && !rest.ends_with(after_)) return {};
    const auto end = back_ == End::Free ? nearby.find(after_) : rest.size() - after_.size();
    if (end <= kMaxCapture) return {State::Present, std::string(rest.substr(0, end))};
    return {is_all && scope_ == Scope::Whole ? State::Absent : State::TooLong, {}};
}

}  // namespace policy
