#include "policy/learn/head_signals.h"

#include <algorithm>
#include <array>

#include "policy/base/text.h"
#include "policy/learn/answer_match.h"
#include "policy/learn/cookie_lines.h"
#include "policy/learn/fields.h"
#include "policy/learn/request_shape.h"

namespace policy::learn {
namespace {

using Strength = Signal::Strength;

class SignalFinder {
public:
    SignalFinder(const LoginPair& pair, std::string_view page, Remarks& remarks)
        : pair_(pair),
          answer_(pair.success->response),
          page_(page),
          remarks_(remarks),
          set_(cookie_effects(answer_)),
          sent_(sent_cookies(pair.success->request)) {}

    std::vector<Signal> find() {
        offer_status();
        offer_redirect_back();
        offer_new_cookie();
        offer_redirect_elsewhere();
        offer_location();
        offer_changed_cookie();
        offer_header();
        say_what_proves_nothing();
        return std::move(found_);
    }

private:
    // Only what holds for the success and for no failure counts.
    void offer(Condition condition, std::string why, Strength strength = Strength::Alone) {
        const auto is_met = [&](const Exchange* each) { return holds(condition, *each, page_); };
        const auto& failures = pair_.failures;
        if (!holds(condition, *pair_.success, page_)) return;
        if (std::any_of(failures.begin(), failures.end(), is_met)) return;
        found_.push_back({std::move(condition), std::move(why), strength});
    }

    void offer_status() {
        Condition condition;
        condition.status = {answer_.status};
        offer(std::move(condition),
              "The status is " + std::to_string(answer_.status) + " after a login and " +
                  std::to_string(pair_.failure().response.status) + " after a failure.");
    }

    void offer_redirect_back() {
        if (redirect_of(pair_.failure(), page_) != Redirect::LoginPage) return;
        Condition condition;
        condition.redirect = Redirect::Elsewhere;
        offer(std::move(condition),
              "A failure leads back to the login page, a login leads elsewhere.");
    }

    void offer_redirect_elsewhere() {
        if (page_.empty() || find_header(pair_.failure().response.headers, "Location")) return;
        Condition condition;
        condition.redirect = Redirect::Elsewhere;
        offer(std::move(condition), "A login leads away from the login page.");
    }

    // Both lead to the same path, and the query makes the difference.
    void offer_location() {
        const auto failed = location_of(pair_.failure());
        const auto location = location_of(*pair_.success);
        if (!failed || !location || target_text(*failed) == target_text(*location)) return;
        Condition condition;
        condition.location = target_text(*location);
        if (!is_constant_word(location->path) || !is_lasting_query(location->query)) return;
        offer(std::move(condition),
              "A login leads to this place, a failure to another: if a login "
              "can lead to several, widen the glob.");
    }

    static bool is_lasting_query(const std::string& query) {
        const auto fields = urlencoded_fields(query);
        return std::all_of(fields.begin(), fields.end(),
                           [](const NameValue& field) { return is_constant_word(field.value); });
    }

    // Set at success and not there before: the likeliest name first.
    void offer_new_cookie() {
        const CookieLine* best = nullptr;
        for (const auto& cookie : set_) {
            const bool is_new = cookie.fate == CookieFate::Set && !find_value(sent_, cookie.name);
            if (!is_new || is_session_name(cookie.name) || is_set_at_failure(cookie.name)) continue;
            const bool says_auth = ascii_lower(cookie.name).find("auth") != std::string::npos;
            if (!best || says_auth) best = &cookie;
        }
        if (!best) return;
        Condition condition;
        condition.set_cookie = glob_of(best->name);
        auto why = "The cookie `" + best->name + "` is set by a login only.";
        if (condition.set_cookie != best->name) why += reason_for_glob(best->name);
        offer(std::move(condition), std::move(why));
    }

    void offer_changed_cookie() {
        for (const auto& cookie : set_) {
            const bool is_it = cookie.fate == CookieFate::Set && !is_set_at_failure(cookie.name) &&
                               (find_value(sent_, cookie.name) || is_session_name(cookie.name));
            if (!is_it) continue;
            Condition condition;
            condition.set_cookie = cookie_glob(cookie.name);
            offer(
                std::move(condition),
                "The id `" + cookie.name + "` changes at a login only; that alone proves nothing.",
                Strength::WithMore);
            return;
        }
    }

    void offer_header() {
        static constexpr std::array<std::string_view, 12> kUsual{
            "location", "set-cookie", "date", "expires",       "content-length", "content-type",
            "server",   "pragma",     "etag", "last-modified", "cache-control",  "vary"};
        for (const auto& header : answer_.headers) {
            const auto name = ascii_lower(header.name);
            const bool is_usual = std::find(kUsual.begin(), kUsual.end(), name) != kUsual.end();
            const bool is_there_too = find_header(pair_.failure().response.headers, name);
            if (is_usual || is_there_too || !name.starts_with("x-")) continue;
            Condition condition;
            condition.headers = {{header.name, "*"}};
            offer(std::move(condition),
                  "The header `" + header.name + "` is there after a login only.");
            return;
        }
    }

    void say_what_proves_nothing() {
        for (const auto& cookie : set_) {
            if (cookie.fate == CookieFate::Set && is_set_at_failure(cookie.name))
                remarks_.push_back("The backend sets `" + cookie.name +
                                   "` anew after a failed login too, so that proves nothing.");
        }
        const auto status = pair_.failure().response.status;
        if (status == answer_.status)
            remarks_.push_back("The status is " + std::to_string(status) +
                               " either way, so it proves nothing.");
        if (set_.empty()) remarks_.emplace_back("A login sets no cookie, so none can tell.");
    }

    [[nodiscard]] bool is_set_at_failure(const std::string& name) const {
        const auto& failures = pair_.failures;
        return std::any_of(failures.begin(), failures.end(), [&](const Exchange* each) {
            const auto effects = cookie_effects(each->response);
            const auto* cookie = find_cookie(effects, name);
            return cookie && cookie->fate != CookieFate::Deleted;
        });
    }

    // Behind TLS some applications put something behind their names (phpMyAdmin: `_https`).
    [[nodiscard]] std::string glob_of(const std::string& name) const {
        constexpr std::size_t kDistinct = 6;
        const auto glob = cookie_glob(name);
        const auto others = std::count_if(set_.begin(), set_.end(), [&](const CookieLine& each) {
            return each.name.starts_with(name);
        });
        return glob == name && name.size() >= kDistinct && others == 1 ? name + "*" : glob;
    }

    static std::string reason_for_glob(const std::string& name) {
        return cookie_glob(name) == name
                   ? " `*`: behind TLS some applications append something to its name."
                   : " `*`: the tail of its name differs from installation to installation.";
    }

    const LoginPair& pair_;
    const RecordedResponse& answer_;
    std::string_view page_;
    Remarks& remarks_;
    std::vector<CookieLine> set_;
    std::vector<NameValue> sent_;
    std::vector<Signal> found_;
};

}  // namespace

std::vector<Signal> head_signals(const LoginPair& pair, std::string_view page, Remarks& remarks) {
    return SignalFinder(pair, page, remarks).find();
}

}  // namespace policy::learn
