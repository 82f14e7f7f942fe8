// What holds for every form that is written as browsers write it.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "policy/http/multipart_scanner.h"

namespace policy {
namespace {

using State = FormField::State;
using Form = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kBoundary = "--9Zq";

std::string any_value() {
    std::string value;
    const auto pieces = *rc::gen::inRange(0, 5);
    for (int i = 0; i < pieces; ++i)
        value += *rc::gen::element<std::string>("\r\n", "--", "\r\n--", "9Z", "--9Z", "a", "\n",
                                                "\r", "name=\"user\"", "\r\n\r\n", "\xc3\xab");
    return value;
}

Form any_form() {
    Form form;
    const auto count = *rc::gen::inRange(0, 5);
    for (int i = 0; i < count; ++i)
        form.emplace_back(*rc::gen::element<std::string>("user", "do", "x", "user%22"),
                          any_value());
    return form;
}

std::string written(const Form& form) {
    const auto delimiter = "--" + std::string(kBoundary);
    std::string body;
    for (const auto& [name, value] : form) {
        body += delimiter + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n";
        body += value + "\r\n";
    }
    return body + delimiter + "--\r\n";
}

MultipartScanner scan(std::string_view body, std::size_t cut) {
    MultipartScanner scanner(kBoundary, {"user"});
    scanner.feed(body.substr(0, cut));
    scanner.feed(body.substr(cut));
    scanner.finish();
    return scanner;
}

bool holds(void (*check)(const Form&, std::string_view)) {
    return rc::check([&] {
        const auto form = any_form();
        check(form, written(form));
    });
}

TEST(MultipartScannerProperties, AFormIsReadAsItWasWritten) {
    EXPECT_TRUE(holds([](const Form& form, std::string_view body) {
        const auto is_user = [](const auto& each) { return each.first == "user"; };
        const auto users = std::count_if(form.begin(), form.end(), is_user);
        const auto first = std::find_if(form.begin(), form.end(), is_user);

        const auto scanner = scan(body, *rc::gen::inRange<std::size_t>(0, body.size() + 1));

        RC_ASSERT(scanner.is_sound());
        const auto& field = scanner.field("user");
        RC_ASSERT((field.state == State::Absent) == (users == 0));
        RC_ASSERT((field.state == State::Present) == (users == 1));
        RC_ASSERT(field.value == (users == 1 ? first->second : ""));
    }));
}

TEST(MultipartScannerProperties, WhatIsCutOffIsNotSound) {
    EXPECT_TRUE(holds([](const Form&, std::string_view body) {
        const auto whole = body.size() - 2;  // The last line may lack its end.
        const auto cut = *rc::gen::inRange<std::size_t>(0, whole);

        const auto scanner = scan(body.substr(0, cut), cut);

        RC_ASSERT(!scanner.is_sound());
        RC_ASSERT(scanner.field("user").state != State::Present);
        RC_ASSERT(scanner.field("user").state != State::Absent);
    }));
}

TEST(MultipartScannerProperties, ABoundaryInAValueIsNotSound) {
    EXPECT_TRUE(holds([](const Form& form, std::string_view) {
        auto other = form;
        const auto before = *rc::gen::element<std::string>("", "--", "\n--", "\r--", "\r\n");
        other.emplace_back("x", "y" + before + std::string(kBoundary) + any_value());

        const auto body = written(other);

        RC_ASSERT(!scan(body, body.size()).is_sound());
    }));
}

}  // namespace
}  // namespace policy
