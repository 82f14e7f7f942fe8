#include "gateway/io/upstream.h"

#include <type_traits>

#include <gtest/gtest.h>

namespace gateway {
namespace {

template <class Call>
struct FirstParameter;
template <class Result, class Class, class First, class... Rest>
struct FirstParameter<Result (Class::*)(First, Rest...)> {
    using Type = First;
};

// That send() is not overloaded is part of it: the pointer would not be taken then.
TEST(StaticLaws, NothingReachesABackendWithoutAPermit) {
    using First = FirstParameter<decltype(&Upstream::send)>::Type;

    static_assert(std::is_same_v<First, const policy::Permit&>);
    static_assert(!std::is_default_constructible_v<policy::Permit>);
    static_assert(!std::is_convertible_v<policy::Decision, policy::Permit>);
}

}  // namespace
}  // namespace gateway
