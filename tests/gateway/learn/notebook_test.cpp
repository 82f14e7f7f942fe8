#include "gateway/learn/notebook.h"

#include <gtest/gtest.h>

#include "policy/learn/recording_text.h"
#include "tests/support/recording.h"

namespace gateway::learn {
namespace {

using support::Exchange;
using support::in;
using support::Step;

struct Book : testing::Test {
    Notebook notebook{"app.example.org"};

    Book() { notebook.set_user("alice"); }
};

TEST_F(Book, CountsWhatAStepShowed) {
    notebook.add(in(Step::Visit, "GET", "/"));
    notebook.add(in(Step::Fail, "POST", "/"));
    notebook.add(in(Step::Fail, "GET", "/"));
    notebook.add(in(Step::Fail, "POST", "/"));

    EXPECT_EQ(notebook.summary(Step::Visit), "1 request, 0 POSTs");
    EXPECT_EQ(notebook.summary(Step::Fail), "3 requests, 2 POSTs");
    EXPECT_EQ(notebook.summary(Step::Login), "0 requests, 0 POSTs");
}

TEST_F(Book, ALoginStepIsUsefulWithTheUserName) {
    notebook.add(in(Step::Visit, "GET", "/"));
    notebook.add(in(Step::Fail, "POST", "/").form("user=bob"));
    notebook.add(in(Step::Login, "POST", "/").json(R"({"user":"alice"})"));

    EXPECT_TRUE(notebook.is_useful(Step::Visit));
    EXPECT_FALSE(notebook.is_useful(Step::Fail));
    EXPECT_TRUE(notebook.is_useful(Step::Login));
    EXPECT_FALSE(notebook.is_useful(Step::Page));
}

TEST_F(Book, LateAnswersAreSortedIntoTheirStep) {
    notebook.add(in(Step::Fail, "POST", "/b"));
    notebook.add(in(Step::Visit, "GET", "/slow"));

    const auto recording = notebook.take();

    EXPECT_EQ(recording.exchanges[0].request.target, "/slow");
    EXPECT_EQ(recording.user, "alice");
    EXPECT_EQ(recording.host, "app.example.org");
}

TEST_F(Book, WhatNoLongerFitsIsCounted) {
    for (std::size_t i = 0; i < policy::learn::kMostExchanges + 3; ++i)
        notebook.add(in(Step::Visit, "GET", "/"));

    EXPECT_EQ(notebook.left_out(), 3);
    EXPECT_EQ(notebook.take().exchanges.size(), policy::learn::kMostExchanges);
}

TEST_F(Book, BytesAreBoundedToo) {
    Exchange large = in(Step::Page, "GET", "/").page(std::string(policy::learn::kLongestBody, 'x'));
    for (int i = 0; i < 300; ++i) notebook.add(large);

    EXPECT_EQ(notebook.left_out(), 300 - 256);
}

TEST_F(Book, KnowsWhatIsOnItsWay) {
    EXPECT_FALSE(notebook.has_pending());
    {
        const Notebook::Pending pending(notebook);
        EXPECT_TRUE(notebook.has_pending());
    }
    EXPECT_FALSE(notebook.has_pending());
}

}  // namespace
}  // namespace gateway::learn
