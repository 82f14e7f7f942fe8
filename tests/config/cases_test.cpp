#include <fstream>
#include <iterator>
#include <sstream>

#include <gmock/gmock.h>

#include "config/load.h"
#include "tests/support/case_file.h"
#include "tests/support/policy_folder.h"

namespace {

std::string base_policy() {
    std::ifstream file(std::string(SALLYPORT_CASES) + "/config/base.yaml");
    return {std::istreambuf_iterator<char>(file), {}};
}

// `name` of a line `name: ...` at the left margin, else empty.
std::string section_name(const std::string& line) {
    if (line.empty() || line.front() == ' ' || line.front() == '#') return {};
    return line.substr(0, line.find(':'));
}

bool has_section(const std::string& policy, const std::string& name) {
    return policy.starts_with(name + ":") || policy.find("\n" + name + ":") != std::string::npos;
}

// The policy of the case comes first, so that its lines count from 1; the sections that it does
// not have follow.
std::string whole_policy(const support::Case& each) {
    if (each.has("text")) return each.text("text");
    std::string policy = each.text("policy");
    const auto own = policy + each.text("without") + ":";
    std::istringstream base(base_policy());
    bool is_wanted = true;
    for (std::string line; std::getline(base, line);) {
        const auto name = section_name(line);
        if (!name.empty()) is_wanted = !has_section(own, name);
        if (is_wanted) policy += line + "\n";
    }
    return policy;
}

std::string complaints_about(const std::string& policy) {
    const support::PolicyFolder folder;
    const auto settings = config::load_text(policy, folder.file("policy.yaml"));
    if (settings) return {};
    std::string lines;
    for (const auto& complaint : settings.error()) {
        lines += std::to_string(complaint.line) + ":" + std::to_string(complaint.column) + " " +
                 complaint.text + "\n";
    }
    return lines;
}

class PolicyCases : public testing::TestWithParam<const char*> {};

TEST_P(PolicyCases, YieldExactlyTheseComplaints) {
    for (const auto& each : support::read_cases(GetParam())) {
        EXPECT_EQ(complaints_about(whole_policy(each)), each.text("complaint")) << each;
    }
}

INSTANTIATE_TEST_SUITE_P(Config, PolicyCases,
                         testing::Values("config/document.txt", "config/values.txt",
                                         "config/listeners.txt", "config/session.txt",
                                         "config/redis.txt", "config/sql.txt",
                                         "config/backends.txt", "config/logins.txt",
                                         "config/routes.txt", "config/between_sections.txt"),
                         [](const auto& file) {
                             const auto name = std::filesystem::path(file.param).stem().string();
                             std::string words;
                             for (const char c : name) {
                                 if (c != '_') words += c;
                             }
                             return words;
                         });

}  // namespace
