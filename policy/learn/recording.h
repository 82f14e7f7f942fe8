#pragma once

// What `sallyport learn` saw of an application: the requests of a person who failed to log in, then
// logged in, looked around and logged out, and the answers. Values only.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace policy::learn {

enum class Step : std::uint8_t { Visit, Fail, Login, Page, Logout };

inline constexpr std::array<std::string_view, 5> kStepNames{"visit", "fail", "login", "page",
                                                            "logout"};

[[nodiscard]] constexpr std::string_view name(Step step) {
    return kStepNames[static_cast<std::size_t>(step)];
}

struct NameValue {
    std::string name;
    std::string value;

    bool operator==(const NameValue&) const = default;
};

struct Body {
    std::string text;        // UTF-8.
    bool truncated = false;  // There was more of it.
    bool omitted = false;    // There was one, which is no text worth reading.
};

struct RecordedRequest {
    std::string method;
    std::string target;
    std::vector<NameValue> headers;
    Body body;
};

struct RecordedResponse {
    int status = 0;
    std::vector<NameValue> headers;
    Body body;
};

struct Exchange {
    Step step = Step::Visit;
    RecordedRequest request;
    RecordedResponse response;
};

struct Recording {
    std::string user;  // The name that was given at the login.
    std::string host;  // The public host that the policy is for; may be empty.
    std::vector<Exchange> exchanges;
};

}  // namespace policy::learn
