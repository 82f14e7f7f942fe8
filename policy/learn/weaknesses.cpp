#include "policy/learn/weaknesses.h"

#include <algorithm>
#include <set>
#include <utility>

#include "policy/base/text.h"
#include "policy/learn/cookie_lines.h"
#include "policy/learn/fields.h"
#include "policy/learn/html.h"
#include "policy/learn/redact.h"

namespace policy::learn {
namespace {

std::string path_of(const Exchange& exchange) {
    return exchange.request.method + " " + split_target(exchange.request.target).path;
}

// Null when the step has none.
const Exchange* first_in(const Recording& recording, Step step) {
    const auto& all = recording.exchanges;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Exchange& each) { return each.step == step; });
    return found == all.end() ? nullptr : &*found;
}

class Looker {
public:
    Looker(const Recording& recording, const LoginPair* pair) : recording_(recording), pair_(pair) {
        for (const auto& exchange : recording.exchanges) {
            for (auto& line : cookie_lines(exchange.response)) lines_.push_back(std::move(line));
        }
    }

    Remarks look() {
        look_at_fixation();
        look_at_adopted_ids();
        look_at_logout();
        look_at_attributes();
        look_at_deletions();
        for (const auto& exchange : recording_.exchanges) look_at(exchange);
        return std::move(found_);
    }

private:
    void say(std::string sentence) {
        if (std::find(found_.begin(), found_.end(), sentence) == found_.end())
            found_.push_back(std::move(sentence));
    }

    // Whether the backend ever set a cookie of that name that is a session's. Where the answer
    // gives another value to one that is, only others that are called so count.
    [[nodiscard]] bool is_session(const std::string& name, const Exchange& exchange) const {
        const auto sent = sent_cookies(exchange.request);
        const auto effects = cookie_effects(exchange.response);
        const bool renews = std::any_of(effects.begin(), effects.end(), [&](const auto& cookie) {
            const auto* value = find_value(sent, cookie.name);
            return cookie.fate == CookieFate::Set && is_session_cookie(cookie) && value &&
                   *value != cookie.value;
        });
        const auto* line = find_cookie(lines_, name);
        return line && (renews ? is_session_name(name) : is_session_cookie(*line));
    }

    void look_at_fixation() {
        const auto* page = first_in(recording_, Step::Page);
        if (!pair_ || !page) return;
        const auto after = sent_cookies(page->request);
        for (const auto& [name, value] : sent_cookies(pair_->success->request)) {
            const auto* later = find_value(after, name);
            if (later && *later == value && is_session(name, *pair_->success))
                say("Session fixation: `" + name +
                    "` has the same value before and after the login. Who planted it may be "
                    "logged in with its victim.");
        }
    }

    void look_at_adopted_ids() {
        for (const auto& exchange : recording_.exchanges) {
            for (const auto& [name, value] : sent_cookies(exchange.request)) {
                if (is_session_name(name) && !find_cookie(lines_, name))
                    say("The browser came with an id of its own (`" + name +
                        "`) and the backend went on with it.");
            }
        }
    }

    void look_at_logout() {
        const auto* logout = first_in(recording_, Step::Logout);
        if (!logout) return;
        for (const auto& [name, value] : sent_cookies(logout->request)) {
            if (is_session(name, *logout) && !is_tombstone(value) && !is_ended(name, value))
                say("The logout leaves `" + name + "` as it is: the id stays in the browser.");
        }
    }

    [[nodiscard]] bool is_ended(const std::string& name, const std::string& value) const {
        const auto& all = recording_.exchanges;
        return std::any_of(all.begin(), all.end(), [&](const Exchange& exchange) {
            const auto effects = cookie_effects(exchange.response);
            const auto* cookie = find_cookie(effects, name);
            return exchange.step == Step::Logout && cookie && cookie->value != value;
        });
    }

    // Secure may come by itself behind TLS, which a recording without it cannot show.
    void look_at_attributes() {
        std::set<std::string> seen;
        for (const auto& line : lines_) {
            if (line.fate != CookieFate::Set || !seen.insert(line.name).second) continue;
            std::string lacking;
            if (!line.http_only) lacking += " HttpOnly";
            if (!line.secure) lacking += " Secure";
            if (line.same_site == SameSite::Unset) lacking += " SameSite";
            if (!lacking.empty()) say("The cookie `" + line.name + "` lacks:" + lacking + ".");
        }
    }

    void look_at_deletions() {
        for (const auto& line : lines_) {
            const auto value = line.value.empty() ? "nothing" : "`" + line.value + "`";
            if (line.fate == CookieFate::Emptied)
                say("The cookie `" + line.name + "` is not deleted but set to " + value +
                    ", without an expiry in the past.");
        }
    }

    void look_at(const Exchange& exchange) {
        look_at_query(exchange);
        look_at_redirect(exchange);
        look_at_inputs(exchange);
        if (!split_target(exchange.request.target).path_parameters.empty())
            say("An id stands in the path of " + path_of(exchange) +
                ": it ends up in logs, bookmarks and Referer.");
    }

    void look_at_query(const Exchange& exchange) {
        for (const auto& [name, value] : query_fields(exchange.request)) {
            if (is_password_name(name) || value == kRedacted)
                say("A password travels in the query of " + path_of(exchange) + ".");
            else if (is_alias(value))
                say("An id stands in the query of " + path_of(exchange) + " (`" + name + "`).");
        }
    }

    void look_at_redirect(const Exchange& exchange) {
        const auto location = header_or_empty(exchange.response.headers, "Location");
        if (ascii_lower(location).starts_with("http://")) say_redirect(exchange);
    }

    // Once is enough: it is the same mistake everywhere.
    void say_redirect(const Exchange& exchange) {
        if (std::exchange(has_redirect_, true)) return;
        say("Redirects name http:// addresses (the first: " + path_of(exchange) +
            "). The backend must believe X-Forwarded-Proto, or they lead out of TLS.");
    }

    void look_at_inputs(const Exchange& exchange) {
        for (const auto& input : inputs_of(exchange.response.body.text)) {
            if (input.type == "hidden" && is_alias(input.value))
                say("The page of " + path_of(exchange) + " holds an id in the hidden field `" +
                    input.name + "`.");
            if (input.type == "password" && input.autocomplete == "off")
                say("The login form keeps password managers out (`autocomplete=off`).");
            if (input.type != "password" && is_password_name(input.name) && input.type == "text")
                say("The field `" + input.name + "` shows the password while it is typed.");
        }
    }

    const Recording& recording_;
    const LoginPair* pair_;
    std::vector<CookieLine> lines_;
    Remarks found_;
    bool has_redirect_ = false;
};

}  // namespace

Remarks find_weaknesses(const Recording& recording, const LoginPair* pair) {
    return Looker(recording, pair).look();
}

}  // namespace policy::learn
