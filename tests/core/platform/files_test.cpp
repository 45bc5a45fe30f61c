// readFile and writeFile on a real temporary folder.
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/platform/platform.h"

namespace belljar {
namespace {

class Files : public testing::Test {
protected:
    void SetUp() override
    {
        std::string name = (std::filesystem::temp_directory_path() / "belljar-test-files-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        m_folder = name;
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }
    [[nodiscard]] std::string path(const char* name) const { return (m_folder / name).string(); }

    std::filesystem::path m_folder;
};

TEST_F(Files, WritesAndReadsBack)
{
    const std::string bytes("a\0b\xff\n", 5);
    ASSERT_TRUE(writeFile(path("x"), bytes).ok());
    const Result<std::string> read = readFile(path("x"), 100);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(*read, bytes);
}

TEST_F(Files, ReplacesAtomicallyAndKeepsTheMode)
{
    ASSERT_TRUE(writeFile(path("x"), "old").ok());
    ASSERT_EQ(::chmod(path("x").c_str(), 0600), 0);
    ASSERT_TRUE(writeFile(path("x"), "new").ok());
    struct stat info {};
    ASSERT_EQ(::stat(path("x").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    EXPECT_EQ(*readFile(path("x"), 100), "new");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(m_folder), {}), 1) << "no temporary file stays";
}

TEST_F(Files, NamesWhatIsWrong)
{
    const Result<std::string> missing = readFile(path("none"), 100);
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().where, path("none"));
    EXPECT_EQ(missing.error().native.rfind("ENOENT", 0), 0U);
    EXPECT_FALSE(readFile(m_folder.string(), 100).ok()) << "a folder is no file";
    EXPECT_FALSE(writeFile(path("no/such/folder"), "x").ok());
}

TEST_F(Files, RefusesMoreThanTheLimit)
{
    ASSERT_TRUE(writeFile(path("x"), std::string(101, 'a')).ok());
    EXPECT_FALSE(readFile(path("x"), 100).ok());
    EXPECT_TRUE(readFile(path("x"), 101).ok());
}

}  // namespace
}  // namespace belljar
