#include "config/report.h"

#include <gtest/gtest.h>

namespace config {

namespace {

TEST(Report, AComplaintIsFileLineColumnAndSentence) {
    Report report("/etc/sallyport/policy.yaml");
    report.add(Place{{12, 5}, "routes[0].backend"}, "is wrong");

    EXPECT_EQ(to_string(report.take().front()),
              "/etc/sallyport/policy.yaml:12:5: routes[0].backend is wrong");
}

TEST(Report, AComplaintAboutTheWholeFileHasNoPosition) {
    Report report("policy.yaml");
    report.add(Mark{}, "cannot be read");

    EXPECT_EQ(to_string(report.take().front()), "policy.yaml: cannot be read");
}

TEST(Report, ComplaintsComeInTheOrderOfTheFile) {
    Report report("policy.yaml");
    report.add(Mark{2, 7}, "third");
    report.add(Mark{2, 3}, "second");
    report.add(Mark{}, "first");
    report.add(Mark{2, 7}, "fourth");

    std::string order;
    for (const auto& complaint : report.take()) order += complaint.text + " ";

    EXPECT_EQ(order, "first second third fourth ");
}

TEST(Report, QuotedTextCannotDisturbATerminal) {
    EXPECT_EQ(in_quotes("wikki"), "\"wikki\"");
    EXPECT_EQ(in_quotes("a\"b\\c"), "\"a\\\"b\\\\c\"");
    EXPECT_EQ(in_quotes("\x1b[2J\n"), "\"\\x1b[2J\\x0a\"");
    EXPECT_EQ(in_quotes("stra\xc3\x9f"
                        "e"),
              "\"stra\xc3\x9f"
              "e\"");
    EXPECT_EQ(in_quotes("\xff"), "\"\\xff\"");
}

TEST(Report, QuotedTextIsCut) {
    EXPECT_EQ(in_quotes(std::string(81, 'x')), "\"" + std::string(80, 'x') + "...\"");
}

}  // namespace

}  // namespace config
