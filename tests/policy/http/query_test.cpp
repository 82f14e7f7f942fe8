#include "policy/http/query.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

using State = QueryValue::State;

void expect_do(std::string_view query, State state, std::string_view value = "") {
    SCOPED_TRACE(query);
    const auto found = query_value(query, "do");
    EXPECT_EQ(found.state, state);
    EXPECT_EQ(found.value, value);
}

TEST(QueryValue, IsFoundAndDecoded) {
    expect_do("do=login", State::Present, "login");
    expect_do("id=start&do=login&x=y", State::Present, "login");
    expect_do("%64o=log%69n+now", State::Present, "login now");
    expect_do("do=a=b", State::Present, "a=b");
}

TEST(QueryValue, MayBeEmpty) {
    expect_do("do=", State::Present);
    expect_do("do", State::Present);
    expect_do("&do&", State::Present);
}

TEST(QueryValue, OfANameThatIsNotThereIsAbsent) {
    expect_do("", State::Absent);
    expect_do("&&", State::Absent);
    expect_do("undo=x&dow=y&DO=z", State::Absent);
    expect_do("x=do=login", State::Absent);
}

TEST(QueryValue, OfARepeatedNameIsNone) {
    expect_do("do=login&do=logout", State::Repeated);
    expect_do("do=login&%64o=login", State::Repeated);
    expect_do("do&x&do", State::Repeated);
}

TEST(QueryValue, ThatCannotBeDecodedIsMalformed) {
    expect_do("do=%", State::Malformed);
    expect_do("do=%zz&x=y", State::Malformed);
    expect_do("do=%&do=login", State::Repeated);
}

TEST(QueryValue, IsFoundBesideAParameterThatCannotBeDecoded) {
    expect_do("%zz=x&pct=100%&do=login", State::Present, "login");
}

}  // namespace
}  // namespace policy
