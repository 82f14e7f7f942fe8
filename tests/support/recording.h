#pragma once

// Builds recordings for tests in a few lines, and reads those of tests/cases/recordings.

#include <fstream>
#include <initializer_list>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

#include "policy/learn/recording_text.h"

namespace support {

using policy::learn::Exchange;
using policy::learn::NameValue;
using policy::learn::Recording;
using policy::learn::Step;

inline std::string read_text(const std::string& name) {
    std::ifstream file(std::string(SALLYPORT_CASES) + "/recordings/" + name, std::ios::binary);
    if (!file) throw std::runtime_error("no such file: " + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline Recording read_case(const std::string& name) {
    auto recording = policy::learn::read_recording(read_text(name + ".jsonl"));
    if (!recording) throw std::runtime_error(recording.error().front().text);
    return std::move(*recording);
}

class ExchangeBuilder {
public:
    ExchangeBuilder(Step step, std::string method, std::string target) {
        exchange_.step = step;
        exchange_.request.method = std::move(method);
        exchange_.request.target = std::move(target);
        exchange_.response.status = 200;
    }

    ExchangeBuilder& form(std::string text) {
        return sends("Content-Type", "application/x-www-form-urlencoded", std::move(text));
    }
    ExchangeBuilder& json(std::string text) {
        return sends("Content-Type", "application/json", std::move(text));
    }
    ExchangeBuilder& header(std::string name, std::string value) {
        exchange_.request.headers.push_back({std::move(name), std::move(value)});
        return *this;
    }
    ExchangeBuilder& cookie(std::string line) { return header("Cookie", std::move(line)); }

    ExchangeBuilder& status(int code) {
        exchange_.response.status = code;
        return *this;
    }
    ExchangeBuilder& answer(std::string name, std::string value) {
        exchange_.response.headers.push_back({std::move(name), std::move(value)});
        return *this;
    }
    ExchangeBuilder& sets(std::string line) { return answer("Set-Cookie", std::move(line)); }
    ExchangeBuilder& leads_to(std::string url) {
        if (exchange_.response.status == 200) exchange_.response.status = 302;
        return answer("Location", std::move(url));
    }
    ExchangeBuilder& page(std::string html) {
        exchange_.response.body.text = std::move(html);
        return answer("Content-Type", "text/html");
    }
    ExchangeBuilder& answers_json(std::string text) {
        exchange_.response.body.text = std::move(text);
        return answer("Content-Type", "application/json");
    }

    // Not explicit, so that what was built stands wherever an exchange is wanted.
    // NOLINTNEXTLINE(google-explicit-constructor)
    operator Exchange() const { return exchange_; }

private:
    ExchangeBuilder& sends(std::string name, std::string type, std::string text) {
        exchange_.request.body.text = std::move(text);
        return header(std::move(name), std::move(type));
    }

    Exchange exchange_;
};

inline ExchangeBuilder in(Step step, std::string method, std::string target) {
    return {step, std::move(method), std::move(target)};
}

inline Recording recording_of(std::initializer_list<Exchange> exchanges) {
    return {"alice", "app.example.org", exchanges};
}

inline const std::string kLoginForm =
    "<form action=\"/login\"><input name=\"user\"><input type=\"password\" name=\"pw\"></form>";

// A login by POST /login with the fields user and pw; each test changes the answers.
struct PlainLogin {
    ExchangeBuilder visit = in(Step::Visit, "GET", "/login").page(kLoginForm);
    ExchangeBuilder fail = in(Step::Fail, "POST", "/login").form("user=alice&pw=redacted");
    ExchangeBuilder after_fail = in(Step::Fail, "GET", "/next").page("<p>next</p>");
    ExchangeBuilder login = in(Step::Login, "POST", "/login").form("user=alice&pw=redacted");
    ExchangeBuilder after_login = in(Step::Login, "GET", "/next").page("<p>next</p>");
    ExchangeBuilder page = in(Step::Page, "GET", "/page").page("<p>page</p>");
    ExchangeBuilder logout = in(Step::Logout, "GET", "/logout");

    [[nodiscard]] Recording recording() const {
        return recording_of({visit, fail, after_fail, login, after_login, page, logout});
    }
};

}  // namespace support
