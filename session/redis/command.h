#pragma once

// What a Redis server is asked: a command as it goes over the wire, and scripts, which are the
// steps that must be atomic.

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace session::redis {

// Words of any bytes, as RESP2 sends them.
[[nodiscard]] std::string format(std::span<const std::string_view> words);
[[nodiscard]] inline std::string format(std::initializer_list<std::string_view> words) {
    return format(std::span(words.begin(), words.size()));
}

// A script in Lua. The server is told its name, and its text only when it does not know it yet.
class Script {
public:
    explicit Script(std::string text);

    // SCRIPT LOAD.
    [[nodiscard]] std::string load() const;

    // EVALSHA and EVAL about `key`.
    [[nodiscard]] std::string by_name(const std::string& key,
                                      const std::vector<std::string>& arguments) const;
    [[nodiscard]] std::string by_text(const std::string& key,
                                      const std::vector<std::string>& arguments) const;

private:
    std::string text_;
    std::string name_;  // SHA-1 of the text, in hexadecimal: what Redis calls it.
};

}  // namespace session::redis
