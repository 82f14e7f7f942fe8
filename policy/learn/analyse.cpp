#include "policy/learn/analyse.h"

#include "policy/learn/cookies_kept.h"
#include "policy/learn/find_login.h"
#include "policy/learn/login_page.h"
#include "policy/learn/logout.h"
#include "policy/learn/outcome.h"
#include "policy/learn/request_shape.h"
#include "policy/learn/weaknesses.h"

namespace policy::learn {
namespace {

void take_page(const Exchange* page, LearnedLogin& login) {
    if (login.user.source == UserSource::Basic) return;
    if (page)
        login.page = page_target(*page, login.page_remarks);
    else
        login.page_remarks.emplace_back(
            "No page with the login form was recorded: strangers get "
            "401. Put its path here, if there is one.");
}

// Where nobody is asked for a password, anybody could name himself.
void forget_success(LearnedLogin& login, Remarks& missing) {
    login.success = {};
    login.confirm.reset();
    missing.emplace_back(
        "No path was seen that asks everybody for Basic credentials, so none can be "
        "believed.");
}

LearnedLogin learn_login(const Recording& recording, const LoginPair& pair, Remarks& missing) {
    LearnedLogin login;
    const auto* page = find_login_page(recording, pair);
    login.user = pair.user;
    take_page(page, login);
    login.when = shapes_of_login(recording, pair, login.when_remarks);
    find_outcome(recording, pair, login, missing);
    if (login.when.empty()) forget_success(login, missing);
    find_logout(recording, pair, login);
    find_lost(recording, login);
    choose_pre_login_cookies(recording, pair, page, login);
    return login;
}

}  // namespace

Learned analyse(const Recording& recording) {
    Learned learned;
    const auto pair = find_login(recording, learned.missing);
    if (pair) learned.login = learn_login(recording, *pair, learned.missing);
    learned.cookies = cookie_modes(recording);
    learned.path_parameters = session_parameters(recording);
    learned.weaknesses = find_weaknesses(recording, pair ? &*pair : nullptr);
    return learned;
}

}  // namespace policy::learn
