#include "policy/http/json_search.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

using State = FormField::State;
using Container = JsonSearch::Container;
using Texts = std::vector<std::string>;

FormField text(std::string value) {
    return {State::Present, std::move(value)};
}

TEST(JsonSearch, FindsAMemberOfAMember) {
    JsonSearch search("/user/name", JsonAuthor::Client);
    search.see(0, Container::Object);
    search.enter(1, "user");
    search.see(1, Container::Object);
    search.enter(2, "name");
    search.see(2, text("alice"));
    search.enter(1, "name");
    search.see(1, text("bob"));

    const auto finding = std::move(search).finding();

    EXPECT_EQ(finding.field.state, State::Present);
    EXPECT_EQ(finding.field.value, "alice");
    EXPECT_EQ(finding.texts, Texts{"alice"});
}

TEST(JsonSearch, OnlyAClientPlaysWithKeys) {
    for (const auto author : {JsonAuthor::Client, JsonAuthor::Backend}) {
        JsonSearch search("/user", author);
        search.see(0, Container::Object);
        search.enter(1, "User");
        search.see(1, text("bob"));

        EXPECT_EQ(std::move(search).finding().field.state,
                  author == JsonAuthor::Client ? State::Repeated : State::Absent);
    }
}

TEST(JsonSearch, AListEndsWithItsArray) {
    JsonSearch search("/a", JsonAuthor::Client);
    search.see(0, Container::Object);
    search.enter(1, "a");
    search.see(1, Container::Array);
    search.enter(2, "0");
    search.see(2, text("x"));
    search.enter(1, "b");
    search.see(1, Container::Array);
    search.enter(2, "0");
    search.see(2, text("y"));

    EXPECT_EQ(std::move(search).finding().texts, Texts{"x"});
}

}  // namespace
}  // namespace policy
