#include "session/table.h"

#include <charconv>

namespace session {

namespace {

// Up to the next blank, which is taken off, too.
std::string_view next_word(std::string_view& text) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    return word;
}

}  // namespace

std::string write_notice(const Notice& notice) {
    if (!notice.ended) return "epoch " + std::to_string(notice.epoch.time_since_epoch().count());
    return "ended " + notice.ended->handle().text() + " " +
           std::string(policy::word(notice.reason)) + (notice.is_told ? " told" : " untold");
}

std::optional<Notice> read_notice(std::string_view text) {
    Notice notice;
    const auto kind = next_word(text);
    if (kind == "epoch") {
        policy::Duration::rep time = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), time);
        if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        notice.epoch = policy::Instant(policy::Duration(time));
        return notice;
    }
    if (kind != "ended") return std::nullopt;
    notice.ended = SessionKey::parse(Handle(std::string(next_word(text))));
    const auto reason = policy::reason_of(next_word(text));
    if (!notice.ended || !reason || (text != "told" && text != "untold")) return std::nullopt;
    notice.reason = *reason;
    notice.is_told = text == "told";
    return notice;
}

}  // namespace session
