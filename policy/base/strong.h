#pragma once

// Strong<Tag> is a string that cannot be passed where another kind of string is meant.

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace policy {

template <class Tag>
class Strong {
public:
    Strong() = default;
    explicit Strong(std::string text) : text_(std::move(text)) {}

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }
    auto operator<=>(const Strong&) const = default;

private:
    std::string text_;
};

using UserName = Strong<struct UserNameTag>;
using BackendName = Strong<struct BackendNameTag>;
using LoginName = Strong<struct LoginNameTag>;
using RequestId = Strong<struct RequestIdTag>;

}  // namespace policy

template <class Tag>
struct std::hash<policy::Strong<Tag>> {
    std::size_t operator()(const policy::Strong<Tag>& value) const {
        return std::hash<std::string_view>{}(value.text());
    }
};
