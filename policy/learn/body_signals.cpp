#include "policy/learn/body_signals.h"

#include <algorithm>
#include <array>

#include "policy/base/text.h"
#include "policy/learn/fields.h"
#include "policy/learn/html.h"
#include "policy/learn/request_shape.h"

namespace policy::learn {
namespace {

constexpr std::size_t kShortest = 6;
constexpr std::size_t kLongest = 80;

template <std::size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& words) {
    const auto lower = ascii_lower(text);
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

bool sounds_like(Meaning meaning, std::string_view text) {
    static constexpr std::array<std::string_view, 7> kFailure{
        "error", "fail", "invalid", "alert", "denied", "wrong", "incorrect"};
    static constexpr std::array<std::string_view, 6> kSuccess{"logout",   "logoff",  "signout",
                                                              "sign out", "log out", "welcome"};
    return meaning == Meaning::Failure ? contains_any(text, kFailure)
                                       : contains_any(text, kSuccess);
}

// Visible ASCII without long numbers or words that could be ids.
bool is_lasting(std::string_view text) {
    std::size_t digits = 0;
    std::size_t hex_run = 0;
    std::size_t longest_hex = 0;
    for (const char c : text) {
        if (c < ' ' || c > '~' || c == '*') return false;
        const bool is_digit = c >= '0' && c <= '9';
        digits += is_digit ? 1 : 0;
        hex_run = is_digit || (c >= 'a' && c <= 'f') ? hex_run + 1 : 0;
        longest_hex = std::max(longest_hex, hex_run);
    }
    return digits < 3 && longest_hex < 8;
}

void take_attributes(std::string_view html, std::vector<std::string>& pieces) {
    for (const auto& tag : tags_of(html)) {
        for (const auto& [name, value] : tag.attributes) {
            if (name != "id" && name != "class" && name != "href" && name != "action") continue;
            auto written = name + "=\"" + value + "\"";
            if (tag.text.find(written) != std::string_view::npos)
                pieces.push_back(std::move(written));
        }
    }
}

std::vector<std::string> pieces_of(std::string_view html) {
    std::vector<std::string> pieces;
    take_attributes(html, pieces);
    for (const auto text : texts_of(html)) pieces.emplace_back(text);
    return pieces;
}

bool stands_in(const std::string& piece, const RecordedResponse& response) {
    return response.body.text.find(piece) != std::string::npos;
}

bool tells_apart(const std::string& piece, const Responses& yes, const Responses& no) {
    const auto has = [&](const RecordedResponse* each) { return stands_in(piece, *each); };
    // What lies behind the recorded part of a body is not known.
    const auto is_cut = [](const RecordedResponse* each) { return each->body.truncated; };
    return std::all_of(yes.begin(), yes.end(), has) && std::none_of(no.begin(), no.end(), has) &&
           std::none_of(no.begin(), no.end(), is_cut);
}

bool holds_for(const NameValue& scalar, const RecordedResponse& response) {
    const auto fields = json_fields(response.headers, response.body);
    const auto* value = find_value(fields, scalar.name);
    return value && matches_glob(scalar.value, *value);
}

bool tells_apart(const NameValue& scalar, const Responses& yes, const Responses& no) {
    const auto has = [&](const RecordedResponse* each) { return holds_for(scalar, *each); };
    return std::all_of(yes.begin(), yes.end(), has) && std::none_of(no.begin(), no.end(), has);
}

bool tells_an_outcome(std::string_view pointer) {
    static constexpr std::array<std::string_view, 6> kWords{"success", "ok",     "auth",
                                                            "logged",  "result", "status"};
    return contains_any(pointer, kWords);
}

}  // namespace

std::optional<NameValue> json_signal(const Responses& yes, const Responses& no) {
    if (yes.empty()) return std::nullopt;
    std::vector<NameValue> candidates;
    for (const auto& [pointer, value] : json_fields(yes[0]->headers, yes[0]->body)) {
        if (is_constant_word(value)) candidates.push_back({pointer, value});
        candidates.push_back({pointer, "*"});
    }
    std::stable_partition(candidates.begin(), candidates.end(), [](const NameValue& each) {
        return tells_an_outcome(each.name) && each.value != "*";
    });
    for (const auto& candidate : candidates) {
        if (tells_apart(candidate, yes, no)) return candidate;
    }
    return std::nullopt;
}

std::string body_signal(const Responses& yes, const Responses& no, Meaning meaning,
                        const std::string& user) {
    if (yes.empty()) return {};
    std::string best;
    for (auto& piece : pieces_of(yes[0]->body.text)) {
        const bool is_fit = piece.size() >= kShortest && piece.size() <= kLongest &&
                            is_lasting(piece) && piece.find(user) == std::string::npos;
        if (!is_fit || !tells_apart(piece, yes, no)) continue;
        if (sounds_like(meaning, piece)) return piece;
        if (best.empty()) best = std::move(piece);
    }
    return best;
}

}  // namespace policy::learn
