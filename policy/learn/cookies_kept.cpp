#include "policy/learn/cookies_kept.h"

#include <algorithm>
#include <set>

#include "policy/base/text.h"
#include "policy/learn/cookie_lines.h"
#include "policy/learn/fields.h"
#include "policy/learn/login_page.h"

namespace policy::learn {
namespace {

std::vector<CookieLine> all_lines(const Recording& recording) {
    std::vector<CookieLine> lines;
    for (const auto& exchange : recording.exchanges) {
        for (auto& line : cookie_lines(exchange.response)) lines.push_back(std::move(line));
    }
    return lines;
}

// Names that scripts read to send them back, as Angular, Django and axios do.
bool is_for_scripts(const CookieLine& cookie) {
    const auto name = ascii_lower(cookie.name);
    return !cookie.http_only &&
           (name.find("xsrf") != std::string::npos || name.find("csrf") != std::string::npos);
}

std::set<std::string> sent_names(const Recording& recording) {
    std::set<std::string> names;
    for (const auto& exchange : recording.exchanges) {
        for (const auto& [name, value] : sent_cookies(exchange.request)) names.insert(name);
    }
    return names;
}

std::set<std::string> names_on_pages(const Recording& recording) {
    std::set<std::string> names;
    for (const auto& exchange : recording.exchanges) {
        if (exchange.step != Step::Page) continue;
        for (const auto& [name, value] : sent_cookies(exchange.request)) names.insert(name);
    }
    return names;
}

std::string listed(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "`" : ", `") + name + "`";
    return list;
}

// Sessions that later pages carry and the login's answer did not set. Preferences may get lost;
// what no answer ever set is the scripts' affair.
std::vector<std::string> older_cookies(const Recording& recording, const LoginPair& pair) {
    const auto given = cookie_effects(pair.success->response);
    const auto lines = all_lines(recording);
    std::vector<std::string> older;
    for (const auto& name : names_on_pages(recording)) {
        const bool is_session = std::any_of(lines.begin(), lines.end(), [&](const auto& line) {
            return line.name == name && line.fate == CookieFate::Set && is_session_cookie(line);
        });
        if (is_session && !find_cookie(given, name)) older.push_back(name);
    }
    return older;
}

void take_parameters(std::string_view text, std::set<std::string>& names) {
    for (auto at = text.find(';'); at != std::string_view::npos; at = text.find(';', at + 1)) {
        const auto rest = text.substr(at + 1, 64);
        const auto equals = rest.find('=');
        const auto name = rest.substr(0, equals);
        if (equals != std::string_view::npos && is_token(name) && is_session_name(name))
            names.insert(ascii_lower(name));
    }
}

}  // namespace

std::vector<CookieMode> cookie_modes(const Recording& recording) {
    std::vector<CookieMode> modes;
    const auto lines = all_lines(recording);
    for (const auto& line : lines) {
        const auto is_known = [&](const CookieMode& mode) { return mode.name == line.name; };
        if (!is_for_scripts(line) || std::any_of(modes.begin(), modes.end(), is_known)) continue;
        modes.push_back(
            {line.name, "readable", "Scripts of the page read it to send it back in a header."});
    }
    for (const auto& name : sent_names(recording)) {
        if (find_cookie(lines, name)) continue;
        modes.push_back({name, "pass",
                         "The browser sent it and the backend never set it: scripts do, or it "
                         "belongs to another application on the address it was learned at."});
    }
    return modes;
}

void choose_pre_login_cookies(const Recording& recording, const LoginPair& pair,
                              const Exchange* page, LearnedLogin& login) {
    auto& remarks = login.pre_login_remarks;
    if (pair.user.source == UserSource::Basic) {
        login.pre_login_cookies = PreLoginCookies::Withhold;
        remarks.emplace_back(
            "A backend may go on with the session of whoever logged in first, "
            "whatever credentials come next: it gets no session to go on with.");
        return;
    }
    const auto older = older_cookies(recording, pair);
    const bool has_pages = !names_on_pages(recording).empty();
    if (older.empty() && has_pages) {
        login.pre_login_cookies = PreLoginCookies::Send;
        remarks.emplace_back(
            "The login's answer sets every cookie anew that later pages carry: "
            "nothing from before the login is needed, or kept.");
        return;
    }
    const auto tokens =
        page ? hidden_tokens(*page, pair.success->request) : std::vector<std::string>();
    if (tokens.empty()) {
        login.pre_login_cookies = PreLoginCookies::Withhold;
        if (!older.empty())
            remarks.push_back("The backend goes on with " + listed(older) +
                              " from before the login. Without them it must begin a session of its "
                              "own, which nobody can have planted.");
        return;
    }
    login.pre_login_cookies = PreLoginCookies::Keep;
    remarks.push_back("The form has hidden values (" + listed(tokens) +
                      "), which may be tied to a cookie, and the backend goes on with " +
                      (older.empty() ? "its old session" : listed(older)) +
                      ". If it logs in without them as well, `withhold` is safer: try it.");
}

std::vector<std::string> session_parameters(const Recording& recording) {
    std::set<std::string> names;
    for (const auto& exchange : recording.exchanges) {
        take_parameters(exchange.request.target, names);
        take_parameters(header_or_empty(exchange.response.headers, "Location"), names);
        for (const auto& tag : tags_of(exchange.response.body.text)) {
            for (const auto& [name, value] : tag.attributes) {
                if (name == "href" || name == "action" || name == "src")
                    take_parameters(value, names);
            }
        }
    }
    return {names.begin(), names.end()};
}

}  // namespace policy::learn
