#include "config/secrets.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/support/policy_folder.h"

namespace config {

namespace {

using std::filesystem::perms;
using support::PolicyFolder;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kOwner = perms::owner_read | perms::owner_write;

// What is said about `name` as a session key; empty when it is accepted.
std::string fault_of_key(const PolicyFolder& folder, const std::string& name) {
    Draft draft;
    draft.cookie_keys.push_back(
        {{"k1", {}}, {folder.file(name), {{3, 9}, "session.keys[0].file"}}});
    Report report("policy.yaml");

    read_secrets(draft, report);

    const auto complaints = report.take();
    EXPECT_EQ(draft.settings.cookie_keys.size(), complaints.empty() ? 1U : 0U);
    return complaints.empty() ? std::string() : to_string(complaints.front());
}

std::string fault_of_content(const std::string& content) {
    const PolicyFolder folder;
    folder.write("tested.key", content);
    return fault_of_key(folder, "tested.key");
}

TEST(Secrets, AKeyIsReadByteForByte) {
    const PolicyFolder folder;
    Draft draft;
    draft.cookie_keys.push_back({{"k1", {}}, {folder.file("session.key"), {}}});
    Report report("policy.yaml");

    read_secrets(draft, report);

    ASSERT_EQ(draft.settings.cookie_keys.size(), 1U);
    EXPECT_EQ(draft.settings.cookie_keys[0].id, "k1");
    EXPECT_EQ(draft.settings.cookie_keys[0].bytes.reveal(), PolicyFolder::key_bytes(1));
}

TEST(Secrets, AKeyThatOthersMayUseIsRefused) {
    for (const auto extra : {perms::group_read, perms::others_read, perms::group_write,
                             perms::others_write, perms::others_exec}) {
        const PolicyFolder folder;
        folder.write("tested.key", PolicyFolder::key_bytes(1), kOwner | extra);

        EXPECT_THAT(
            fault_of_key(folder, "tested.key"),
            HasSubstr("policy.yaml:3:9: session.keys[0].file names a key file that others"));
    }
}

TEST(Secrets, AKeyThatOnlyItsOwnerMayReadIsAccepted) {
    const PolicyFolder folder;
    folder.write("tested.key", PolicyFolder::key_bytes(1), perms::owner_read);

    EXPECT_THAT(fault_of_key(folder, "tested.key"), IsEmpty());
}

TEST(Secrets, AMissingKeyIsNotNamed) {
    const PolicyFolder folder;

    const auto fault = fault_of_key(folder, "c2VjcmV0");

    EXPECT_THAT(fault, HasSubstr("cannot be read: No such file or directory"));
    EXPECT_THAT(fault, testing::Not(HasSubstr("c2VjcmV0")));
}

TEST(Secrets, WhatIsNoRegularFileIsNoKey) {
    const PolicyFolder folder;
    ASSERT_EQ(::mkfifo(folder.file("fifo.key").c_str(), 0600), 0);

    EXPECT_THAT(fault_of_key(folder, "fifo.key"), HasSubstr("does not name a regular file"));
    EXPECT_THAT(fault_of_key(folder, "."), HasSubstr("does not name a regular file"));
}

TEST(Secrets, ALinkToAKeyIsFollowedToItsPermissions) {
    const PolicyFolder folder;
    folder.write("open.key", PolicyFolder::key_bytes(1), kOwner | perms::group_read);
    std::filesystem::create_symlink(folder.file("open.key"), folder.file("link.key"));
    std::filesystem::create_symlink(folder.file("session.key"), folder.file("good.key"));

    EXPECT_THAT(fault_of_key(folder, "link.key"), HasSubstr("others than its owner"));
    EXPECT_THAT(fault_of_key(folder, "good.key"), IsEmpty());
}

TEST(Secrets, AShortOrEndlessKeyIsRefused) {
    EXPECT_THAT(fault_of_content(""), HasSubstr("fewer than 32 bytes"));
    EXPECT_THAT(fault_of_content(PolicyFolder::key_bytes(1).substr(1)),
                HasSubstr("fewer than 32 bytes"));
    EXPECT_THAT(fault_of_content(std::string(4096, 'x') + PolicyFolder::key_bytes(1)),
                HasSubstr("more than 4KiB"));
}

TEST(Secrets, AKeyThatCanBeGuessedIsRefused) {
    for (const auto& key :
         {std::string(64, '\0'), std::string(64, 'k'), std::string(32, 'a') + "bcdefg",
          std::string("please-CHANGEME-before-you-start-this"),
          std::string("0123456789abcdefghijklmnopqrstuvwxyz"),
          std::string("This is an example of a session key.")}) {
        EXPECT_THAT(fault_of_content(key), HasSubstr("can be guessed")) << key;
    }
}

TEST(Secrets, ATlsKeyThatOthersMayReadIsRefused) {
    const PolicyFolder folder;
    folder.write("open.key", "PEM", kOwner | perms::others_read);
    Draft draft;
    draft.tls_keys.push_back({folder.file("open.key"), {{1, 1}, "listeners[0].tls.key"}});
    draft.certificates.push_back(
        {folder.file("open.key"), {{2, 1}, "listeners[0].tls.certificate"}});
    Report report("policy.yaml");

    read_secrets(draft, report);

    const auto complaints = report.take();
    ASSERT_EQ(complaints.size(), 1U);
    EXPECT_THAT(complaints[0].text, HasSubstr("listeners[0].tls.key names a key file"));
}

}  // namespace

}  // namespace config
