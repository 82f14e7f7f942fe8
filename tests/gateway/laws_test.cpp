// The law of secrets, as far as it is kept in this folder: they go into no audit line and no log.

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>
#include <spdlog/fmt/ostr.h>

#include "gateway/audit/json_line.h"
#include "gateway/log.h"
#include "gateway/tls/server_context.h"
#include "session/manager.h"

namespace gateway {
namespace {

template <class T>
concept Audited = requires(JsonLine& line, const T& value) {
    line.text<"name">(value);
}
|| requires(JsonLine& line, const T& value) {
    line.text("name", value);
}
|| requires(JsonLine& line, const T& value) {
    line.word<"name">(value);
}
|| requires(JsonLine& line, const T& value) {
    line.number<"name">(value);
};

template <class T>
concept Logged = requires(const T& value) {
    log_info(value);
}
|| requires(const T& value) {
    log_error(value);
}
|| requires(const T& value) {
    log_problem(policy::Reason::None, value, value);
};

template <class T>
concept Streamed = requires(std::ostream& stream, const T& value) {
    stream << value;
};

template <class T>
constexpr bool kCannotLeak =
    !Audited<T> && !Logged<T> && !Streamed<T> && !fmt::is_formattable<T>::value &&
    !std::is_convertible_v<T, std::string_view>;

TEST(StaticLaws, NoSecretCanBePrinted) {
    static_assert(Audited<std::string> && Logged<std::string> && Streamed<std::string>);
    static_assert(Audited<std::int64_t>);
    static_assert(fmt::is_formattable<std::string>::value);

    static_assert(kCannotLeak<policy::Secret>);
    static_assert(kCannotLeak<session::SessionId>);
    static_assert(kCannotLeak<session::CookieKey>);
    static_assert(kCannotLeak<session::KeyRing>);
    static_assert(kCannotLeak<session::Presented>);
    static_assert(kCannotLeak<session::Vault>);
    static_assert(kCannotLeak<session::VaultCookie>);
    static_assert(kCannotLeak<session::Session>);
    static_assert(kCannotLeak<TicketKeys>);
    static_assert(!std::is_copy_constructible_v<policy::Secret>);
}

}  // namespace
}  // namespace gateway
