#include "config/groups.h"

#include <fstream>

#include <gmock/gmock.h>

#include "config/load.h"
#include "tests/support/policy_folder.h"

namespace config {
namespace {

using testing::ElementsAre;

struct GroupFiles : testing::Test {
    support::PolicyFolder folder;
    Draft draft;
    Report report{folder.file("policy.yaml")};

    void read(const std::string& text) {
        std::ofstream(folder.file("groups.yaml")) << text;
        auto& login = draft.logins.emplace_back();
        login.groups = {folder.file("groups.yaml"), {{6, 21}, "logins.form.groups.file"}};
        read_groups(draft, report);
    }

    std::vector<std::string> complaints() {
        std::vector<std::string> lines;
        for (const auto& complaint : report.take())
            lines.push_back(complaint.file.filename().string() + ":" +
                            std::to_string(complaint.line) + " " + complaint.text);
        return lines;
    }
};

TEST_F(GroupFiles, SayWhoIsInWhichGroups) {
    read("ada: [ admins, staff ]\n\"bob@example.org\": staff\n");

    EXPECT_THAT(complaints(), ElementsAre());
    const auto& of_user = draft.logins[0].rule.groups.of_user;
    EXPECT_THAT(of_user.at("ada"), ElementsAre("admins", "staff"));
    EXPECT_THAT(of_user.at("bob@example.org"), ElementsAre("staff"));
}

TEST_F(GroupFiles, AreComplainedAboutInTheirOwnLines) {
    read("ada: [ admins ]\n\"\": [ staff ]\ncaesar: { a: b }\n");

    EXPECT_THAT(complaints(),
                ElementsAre("groups.yaml:2 \"\" is no user name: 1 to 256 bytes without control "
                            "characters",
                            "groups.yaml:3 caesar must be a single value"));
}

TEST_F(GroupFiles, ThatAreNoMappingAreRefused) {
    read("- ada\n");

    EXPECT_THAT(complaints(),
                ElementsAre("groups.yaml:1 the policy must be a mapping (`key: value`)"));
}

}  // namespace
}  // namespace config
