#include "policy/answer_match.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/http/cookie.h"
#include "policy/http/set_cookie.h"
#include "policy/own_target.h"

namespace policy {
namespace {

using BodyState = AnswerBody::State;
using Redirect = ResponsePattern::Redirect;

// What all lines together leave of the cookies whose names match, one for each name and place.
class LeftCookies {
public:
    LeftCookies(std::string_view glob, const AnswerView& answer) {
        for (const auto line : answer.response.set_cookies) {
            const auto cookie = parse_set_cookie(line);
            if (!cookie || !matches_glob(glob, cookie->name)) continue;
            std::erase_if(cookies_, [&](const SetCookie& earlier) {
                return earlier.name == cookie->name && earlier.domain == cookie->domain &&
                       earlier.path == cookie->path;
            });
            cookies_.push_back(*cookie);
        }
    }

    template <class Predicate>
    [[nodiscard]] bool any(Predicate predicate) const {
        return std::any_of(cookies_.begin(), cookies_.end(), predicate);
    }

private:
    std::vector<SetCookie> cookies_;
};

bool sets(const CookieGlob& wanted, const AnswerView& answer) {
    return LeftCookies(wanted.name, answer).any([&](const SetCookie& cookie) {
        return !cookie.is_deletion(answer.now) && matches_glob(wanted.value, cookie.value);
    });
}

// Whether a cookie of that name was sent, and with another value only.
bool was_sent_otherwise(const SetCookie& cookie, std::string_view sent) {
    bool otherwise = false;
    while (!sent.empty()) {
        const auto pair = trim(sent.substr(0, sent.find(';')));
        sent.remove_prefix(std::min(sent.find(';'), sent.size() - 1) + 1);
        const auto equals = pair.find('=');
        if (pair.substr(0, equals) != cookie.name || equals == std::string_view::npos) continue;
        if (pair.substr(equals + 1) == cookie.value) return false;
        otherwise = true;
    }
    return otherwise;
}

bool changes(const CookieGlob& wanted, const AnswerView& answer) {
    return LeftCookies(wanted.name, answer).any([&](const SetCookie& cookie) {
        return !cookie.is_deletion(answer.now) && matches_glob(wanted.value, cookie.value) &&
               was_sent_otherwise(cookie, answer.sent_cookies);
    });
}

bool deletes(std::string_view glob, const AnswerView& answer) {
    return LeftCookies(glob, answer).any([&](const SetCookie& cookie) {
        return cookie.is_deletion(answer.now);
    });
}

bool has_status(const ResponsePattern& pattern, int status) {
    const auto& any = pattern.status;
    return any.empty() || std::find(any.begin(), any.end(), status) != any.end();
}

// Browsers differ on which one counts.
bool has_two_locations(const ResponseFacts& response) {
    return response.fields && response.fields->count("Location") > 1;
}

bool has_location(const std::string& glob, const AnswerView& answer) {
    const auto location = answer.response.location;
    if (matches_glob(glob, location)) return true;
    const auto target = own_target(location, answer.request);
    return !location.empty() && target && matches_glob(glob, *target);
}

// The same page on another host may be ours under a name that only the backend knows.
Match leads_to_login(const AnswerView& answer) {
    const auto leads_to = destination(answer.response.location, answer.request);
    if (!leads_to) return Match::No;
    const auto is_login = is_page(leads_to->target, answer.login_page);
    return leads_to->is_own_host ? is_login : both(is_login, Match::Doubtful);
}

Match match_redirect(Redirect where, const AnswerView& answer) {
    if (where == Redirect::Any) return Match::Yes;
    if (answer.response.location.empty()) return Match::No;
    const auto is_login = leads_to_login(answer);
    return where == Redirect::LoginPage ? is_login : opposite(is_login);
}

Match match_location(const ResponsePattern& pattern, const AnswerView& answer) {
    if (!pattern.location && pattern.redirect == Redirect::Any) return Match::Yes;
    if (has_two_locations(answer.response)) return Match::Doubtful;
    if (pattern.location && !has_location(*pattern.location, answer)) return Match::No;
    return match_redirect(pattern.redirect, answer);
}

bool has_header(const NamedGlob& wanted, const ResponseFacts& response) {
    return response.fields &&
           std::any_of(response.fields->begin(), response.fields->end(), [&](const Field& field) {
               return equals_ignoring_case(field.name, wanted.name) &&
                      matches_glob(wanted.glob, field.value);
           });
}

bool matches_head(const ResponsePattern& pattern, const AnswerView& answer) {
    return has_status(pattern, answer.response.status) &&
           (!pattern.set || sets(*pattern.set, answer)) &&
           (!pattern.changed || changes(*pattern.changed, answer)) &&
           (!pattern.deleted || deletes(*pattern.deleted, answer)) &&
           std::all_of(pattern.headers.begin(), pattern.headers.end(),
                       [&](const auto& each) { return has_header(each, answer.response); });
}

Match match_text(const std::string& text, const AnswerBody& body) {
    if (body.state == BodyState::Encoded || body.state == BodyState::Unread) return Match::Doubtful;
    if (body.text.find(text) != std::string_view::npos) return Match::Yes;
    return body.state == BodyState::Whole ? Match::No : Match::Doubtful;
}

Match match_json(const std::vector<NamedGlob>& wanted, const AnswerBody& body) {
    if (wanted.empty()) return Match::Yes;
    if (body.state != BodyState::Whole) return Match::Doubtful;
    std::vector<std::string> pointers;
    for (const auto& each : wanted) pointers.push_back(each.name);
    JsonScanner json(std::move(pointers), JsonAuthor::Backend);
    json.feed(body.text);
    json.finish();
    if (!json.is_sound()) return Match::Doubtful;
    auto match = Match::Yes;
    for (const auto& each : wanted) {
        const auto& field = json.field(each.name);
        if (field.state == FormField::State::Absent) return Match::No;
        match = both(match, field.state == FormField::State::Present
                                ? match_if(matches_glob(each.glob, field.value))
                                : Match::Doubtful);
    }
    return match;
}

Match match_parts(const ResponsePattern& pattern, const AnswerView& answer) {
    auto match = Match::Yes;
    for (const auto& part : pattern.all) match = both(match, match_answer(part, answer));
    for (const auto& part : pattern.none) match = both(match, opposite(match_answer(part, answer)));
    if (pattern.any.empty()) return match;
    auto any = Match::No;
    for (const auto& part : pattern.any) any = either(any, match_answer(part, answer));
    return both(match, any);
}

}  // namespace

bool ResponsePattern::reads_body() const {
    const auto reads = [](const ResponsePattern& part) { return part.reads_body(); };
    return body || !json.empty() || std::any_of(all.begin(), all.end(), reads) ||
           std::any_of(any.begin(), any.end(), reads) ||
           std::any_of(none.begin(), none.end(), reads);
}

Match match_answer(const ResponsePattern& pattern, const AnswerView& answer) {
    if (!matches_head(pattern, answer)) return Match::No;
    auto match = both(match_location(pattern, answer), match_parts(pattern, answer));
    if (match == Match::No) return match;
    const auto& body = answer.response.body;
    if (pattern.body) match = both(match, match_text(*pattern.body, body));
    return both(match, match_json(pattern.json, body));
}

std::string_view fault_of(const AnswerBody& body) {
    switch (body.state) {
        case BodyState::Unread:
        case BodyState::Whole:
            return {};
        case BodyState::Begun:
            return "answer_too_long";
        case BodyState::Encoded:
            return "answer_encoded";
        case BodyState::CutOff:
            break;
    }
    return "answer_cut_off";
}

}  // namespace policy
