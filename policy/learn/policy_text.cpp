#include "policy/learn/policy_text.h"

#include "policy/learn/yaml_text.h"

namespace policy::learn {
namespace {

std::string yaml_fields(const std::vector<NameValue>& fields) {
    YamlPairs pairs;
    for (const auto& [name, value] : fields) pairs.emplace_back(name, yaml_scalar(value));
    return yaml_map(pairs);
}

void add_fields(YamlPairs& pairs, const char* name, const std::vector<NameValue>& fields) {
    if (!fields.empty()) pairs.emplace_back(name, yaml_fields(fields));
}

void add_text(YamlPairs& pairs, const char* name, const std::string& text) {
    if (!text.empty()) pairs.emplace_back(name, yaml_scalar(text));
}

std::string yaml_shape(const RequestShape& shape) {
    YamlPairs pairs;
    add_text(pairs, "method", shape.method);
    add_text(pairs, "path", shape.path);
    add_fields(pairs, "query", shape.query);
    add_fields(pairs, "form", shape.form);
    add_fields(pairs, "json", shape.json);
    if (shape.basic) pairs.emplace_back("basic", "true");
    return yaml_map(pairs);
}

std::string yaml_condition(const Condition& condition) {
    YamlPairs pairs;
    std::vector<std::string> statuses;
    for (const int status : condition.status) statuses.push_back(std::to_string(status));
    if (!statuses.empty()) pairs.emplace_back("status", yaml_list(statuses));
    if (condition.redirect)
        pairs.emplace_back("redirect",
                           condition.redirect == Redirect::LoginPage ? "login_page" : "elsewhere");
    add_text(pairs, "location", condition.location);
    add_text(pairs, "set_cookie", condition.set_cookie);
    add_text(pairs, "deleted_cookie", condition.deleted_cookie);
    add_fields(pairs, "headers", condition.headers);
    add_fields(pairs, "json", condition.json);
    add_text(pairs, "body", condition.body);
    if (!condition.without_body.empty())
        pairs.emplace_back("not", yaml_map({{"body", yaml_scalar(condition.without_body)}}));
    return yaml_map(pairs);
}

std::string yaml_user(const UserPlace& user) {
    switch (user.source) {
        case UserSource::Form:
            return yaml_map({{"form", yaml_scalar(user.name)}});
        case UserSource::Json:
            return yaml_map({{"json", yaml_scalar(user.name)}});
        case UserSource::Basic:
            break;
    }
    return "{ basic: true }";
}

const char* word_for(PreLoginCookies cookies) {
    switch (cookies) {
        case PreLoginCookies::Send:
            return "send";
        case PreLoginCookies::Keep:
            return "keep";
        case PreLoginCookies::Withhold:
            break;
    }
    return "withhold";
}

class PolicyWriter {
public:
    PolicyWriter(const Learned& learned, const PolicyPlaces& places, const Remarks& doubts)
        : learned_(learned), places_(places), doubts_(doubts) {}

    std::string write() {
        begin();
        write_backends();
        if (has_login())
            write_login(*learned_.login);
        else
            say_why_not();
        write_routes();
        write_weaknesses();
        return yaml_.text();
    }

private:
    [[nodiscard]] bool has_login() const {
        return learned_.login && learned_.login->tells_success();
    }

    void say(const Remarks& remarks) {
        for (const auto& remark : remarks) yaml_.comment(remark);
    }

    void begin() {
        yaml_.comment(
            "Learned by `sallyport learn` from one person's login. Read it before you use "
            "it: the comments say what each rule rests on.");
        yaml_.comment("Files are looked for beside this one. For a first try:");
        yaml_.comment(
            "  openssl req -x509 -newkey rsa -nodes -subj /CN=localhost -keyout tls.key -out "
            "tls.pem");
        yaml_.comment("  (umask 077; openssl rand -out session.key 32); chmod 600 tls.key");
        yaml_.line("version: 1");
        yaml_.blank();
        yaml_.line("listeners:");
        yaml_.line("  - address: 127.0.0.1:8443");
        yaml_.line("    tls: { certificate: tls.pem, key: tls.key }");
        yaml_.blank();
        yaml_.line("session:");
        yaml_.line("  keys: [ { id: k1, file: session.key } ]");
        write_parameters();
        yaml_.blank();
    }

    void write_parameters() {
        if (learned_.path_parameters.empty()) return;
        std::string list;
        for (const auto& name : learned_.path_parameters)
            list += (list.empty() ? "" : ", ") + yaml_scalar(name);
        yaml_.indent();
        yaml_.comment("The backend writes its id into paths (`;" +
                      learned_.path_parameters.front() + "=`); it is taken out there.");
        yaml_.line("path_parameters: [ " + list + " ]");
        yaml_.outdent();
    }

    void write_backends() {
        yaml_.line("backends:");
        yaml_.line("  app:");
        yaml_.indent();
        yaml_.indent();
        yaml_.line("servers: [ " + yaml_scalar(places_.backend) + " ]");
        if (!places_.insecure_plaintext.empty())
            yaml_.line("insecure_plaintext: { reason: " + yaml_scalar(places_.insecure_plaintext) +
                       " }");
        yaml_.line("cookies:");
        yaml_.indent();
        write_cookies();
        yaml_.outdent();
        yaml_.outdent();
        yaml_.outdent();
        yaml_.blank();
    }

    void write_cookies() {
        yaml_.comment("The backend's cookies stay in the gateway.");
        yaml_.line("default: vault");
        if (learned_.cookies.empty()) return;
        yaml_.line("rules:");
        yaml_.indent();
        for (const auto& [name, mode, why] : learned_.cookies) {
            yaml_.comment(why);
            yaml_.line("- " + yaml_map({{"name", yaml_scalar(name)}, {"mode", mode}}));
        }
        yaml_.outdent();
    }

    void say_why_not() {
        yaml_.comment("There is no `logins` section:");
        say(learned_.missing);
        yaml_.blank();
    }

    void write_login(const LearnedLogin& login) {
        yaml_.line("logins:");
        yaml_.indent();
        write_doubts();
        yaml_.line("app-login:");
        yaml_.indent();
        say(login.page_remarks);
        if (!login.page.empty()) yaml_.line("page: " + yaml_scalar(login.page));
        write_when(login);
        yaml_.line("user: " + yaml_user(login.user));
        write_outcome(login);
        write_logout(login);
        write_lost(login);
        say(login.pre_login_remarks);
        yaml_.line("pre_login_cookies: " + std::string(word_for(login.pre_login_cookies)));
        yaml_.outdent();
        yaml_.outdent();
        yaml_.blank();
    }

    void write_doubts() {
        if (doubts_.empty()) return;
        yaml_.comment("LOOK AT THIS: applied to the recording, the rule does not tell all of it:");
        for (const auto& doubt : doubts_) yaml_.comment("- " + doubt);
    }

    void write_items(const char* key, const std::vector<std::string>& items) {
        if (items.empty()) return;
        if (items.size() == 1) return yaml_.line(std::string(key) + ": " + items.front());
        yaml_.line(std::string(key) + ":");
        for (const auto& item : items) yaml_.line("  - " + item);
    }

    void write_when(const LearnedLogin& login) {
        say(login.when_remarks);
        std::vector<std::string> items;
        for (const auto& shape : login.when) items.push_back(yaml_shape(shape));
        write_items("when", items);
    }

    void write_outcome(const LearnedLogin& login) {
        say(login.outcome_remarks);
        yaml_.line("success: " + yaml_condition(login.success));
        yaml_.line("failure: " + (login.failure ? yaml_condition(*login.failure) : "otherwise"));
        if (login.body_limit > 0)
            yaml_.line("body_limit: " + std::to_string(login.body_limit / 1024) + "KiB");
        if (!login.confirm) return;
        say(login.confirm->remarks);
        yaml_.line("confirm:");
        yaml_.indent();
        if (login.confirm->when) yaml_.line("when: " + yaml_shape(*login.confirm->when));
        yaml_.line("success: " + yaml_condition(login.confirm->success));
        yaml_.line("failure: otherwise");
        yaml_.outdent();
    }

    void write_logout(const LearnedLogin& login) {
        say(login.logout_remarks);
        std::vector<std::string> items;
        for (const auto& shape : login.logout) items.push_back(yaml_shape(shape));
        for (const auto& answer : login.logout_answers)
            items.push_back(yaml_map({{"answer", yaml_condition(answer)}}));
        write_items("logout", items);
    }

    void write_lost(const LearnedLogin& login) {
        if (!login.lost) return;
        say(login.lost_remarks);
        yaml_.line("lost: " +
                   yaml_map({{"answer", yaml_condition(*login.lost)}, {"reaction", "demote"}}));
    }

    void write_routes() {
        const auto host = places_.host.empty() ? std::string("app.example.org") : places_.host;
        yaml_.line("routes:");
        yaml_.indent();
        if (places_.host.empty()) yaml_.comment("Put the name here that browsers know it by.");
        yaml_.line("- host: " + yaml_scalar(host));
        yaml_.indent();
        yaml_.comment(
            "Lets strangers through to the backend, which asks for the login itself. Paths "
            "that only users may see want `require: { user: any }`, in front of this one.");
        yaml_.line("paths: [ { prefix: /, require: nothing } ]");
        yaml_.line("backend: app");
        if (has_login()) {
            yaml_.line("login: app-login");
            yaml_.line("identity: { headers: { X-Forwarded-User: user } }");
        }
        yaml_.outdent();
        yaml_.outdent();
        yaml_.blank();
        yaml_.line("audit: { file: audit.jsonl }");
    }

    void write_weaknesses() {
        if (learned_.weaknesses.empty()) return;
        yaml_.blank();
        yaml_.comment("What the backend does badly, as far as the recording shows:");
        for (const auto& weakness : learned_.weaknesses) yaml_.comment("- " + weakness);
    }

    const Learned& learned_;
    const PolicyPlaces& places_;
    const Remarks& doubts_;
    YamlWriter yaml_;
};

}  // namespace

std::string policy_text(const Learned& learned, const PolicyPlaces& places, const Remarks& doubts) {
    return PolicyWriter(learned, places, doubts).write();
}

}  // namespace policy::learn
