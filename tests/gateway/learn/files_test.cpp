#include "gateway/learn/files.h"

#include <gmock/gmock.h>

#include "tests/support/policy_folder.h"

namespace gateway::learn {
namespace {

using testing::HasSubstr;

struct LearnFiles : testing::Test {
    support::PolicyFolder folder;
    std::filesystem::path file = folder.file("new");
};

TEST_F(LearnFiles, ANewFileIsForItsOwnerOnly) {
    const auto created = NewFile::create(file);

    ASSERT_TRUE(created);
    EXPECT_TRUE(created->write("one "));
    EXPECT_TRUE(created->write("two"));
    EXPECT_EQ(read_file(file), "one two");
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(file).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(LearnFiles, AFileThatIsThereIsLeftAlone) {
    folder.write("new", "mine");

    EXPECT_EQ(NewFile::create(file).error(), "is there already");
    EXPECT_EQ(read_file(file), "mine");
}

TEST_F(LearnFiles, AFolderThatIsMissingIsTold) {
    EXPECT_THAT(NewFile::create(folder.file("none/new")).error(), HasSubstr("cannot be written: "));
    EXPECT_THAT(read_file(folder.file("none/new")).error(), HasSubstr("cannot be read: "));
}

TEST_F(LearnFiles, AFileThatIsTooLargeIsNotRead) {
    folder.write("new", "");
    std::filesystem::resize_file(file, std::uintmax_t{129} * 1024 * 1024);

    EXPECT_EQ(read_file(file).error(), "is larger than 128 MiB");
}

}  // namespace
}  // namespace gateway::learn
