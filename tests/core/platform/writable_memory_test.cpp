#include "core/platform/posix/writable_memory.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

namespace belljar {
namespace {

namespace fs = std::filesystem;
using Folders = std::vector<std::string>;

class Memory : public testing::Test {
protected:
    Memory()
    {
        std::string pattern = fs::temp_directory_path().string() + "/belljar-test-memory-XXXXXX";
        if (::mkdtemp(pattern.data()) == nullptr) std::abort();
        m_folder = pattern;
    }
    ~Memory() override { fs::remove_all(m_folder); }

    [[nodiscard]] WritableMemory memory() const { return WritableMemory(m_folder); }
    [[nodiscard]] Folders loaded() const
    {
        Folders folders = memory().load();
        std::sort(folders.begin(), folders.end());
        return folders;
    }
    [[nodiscard]] std::string file() const { return m_folder + "/writable-folders"; }
    [[nodiscard]] std::string text() const
    {
        std::stringstream all;
        all << std::ifstream(file()).rdbuf();
        return all.str();
    }
    void replace(const std::string& content) const { std::ofstream(file()) << content; }

    std::string m_folder;
};

TEST_F(Memory, RemembersAcrossRunsForThisUserOnly)
{
    EXPECT_EQ(loaded(), Folders{});
    ASSERT_TRUE(memory().add({"/work/b", "/work/a"}).ok());
    ASSERT_TRUE(memory().add({"/work/a", "/work/c\nd\\e"}).ok());
    EXPECT_EQ(loaded(), (Folders{"/work/a", "/work/b", "/work/c\nd\\e"}));
    struct stat info {};
    ASSERT_EQ(::stat(file().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(Memory, WritesNothingForWhatIsCovered)
{
    ASSERT_TRUE(memory().add({"/work"}).ok());
    const std::string before = text();
    ASSERT_TRUE(memory().add({"/work/deep/er", "/work"}).ok());
    EXPECT_EQ(text(), before);
    ASSERT_TRUE(memory().add({"/workshop"}).ok());
    EXPECT_NE(text(), before);
}

TEST_F(Memory, DamageStandsForAnyFolder)
{
    ASSERT_TRUE(memory().add({"/work/a"}).ok());
    const std::string good = text();
    for (const std::string& bad : {std::string("rubbish\n"), good + "relative/path\n", good + "/torn/li",
                                   good + "/a/../b\n", good + std::string("/nul\0\n", 6), good + "/bad\\escape\n"}) {
        replace(bad);
        EXPECT_EQ(loaded(), Folders{"/"}) << bad;
        ASSERT_TRUE(memory().add({"/work/new"}).ok());
        EXPECT_EQ(loaded(), Folders{"/"}) << "and stays so until somebody has looked";
    }
    replace(good);
    EXPECT_EQ(loaded(), Folders{"/work/a"});
    fs::remove(file());
    fs::create_directory(file());
    EXPECT_EQ(loaded(), Folders{"/"});
}

TEST_F(Memory, StaysSmall)
{
    Folders many;
    for (int i = 0; i < 1500; ++i) {
        many.push_back(m_folder + "/kept/" + std::to_string(i));
        fs::create_directories(many.back());
    }
    ASSERT_TRUE(memory().add(many).ok());
    EXPECT_EQ(loaded().size(), 1500U);
    Folders gone;
    for (int i = 0; i < 600; ++i) gone.push_back("/no/such/folder/" + std::to_string(i));
    ASSERT_TRUE(memory().add(gone).ok());
    const Folders left = loaded();
    EXPECT_LE(left.size(), 1024U);
    for (const std::string& folder : many) {
        EXPECT_TRUE(std::any_of(left.begin(), left.end(), [&](const std::string& known) {
            return folder == known || folder.starts_with(known + "/");
        })) << folder;
    }
    EXPECT_FALSE(std::any_of(left.begin(), left.end(), [](const std::string& f) { return f.starts_with("/no/"); }));
}

TEST_F(Memory, SeveralProcessesLoseNothing)
{
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([this, t] {
            for (int i = 0; i < 50; ++i)
                EXPECT_TRUE(memory().add({"/work/" + std::to_string(t) + "/" + std::to_string(i)}).ok());
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(loaded().size(), 200U);
}

TEST_F(Memory, ForgetsNothingWhenTheDiskIsFull)
{
    Folders many;
    for (int i = 0; i < 2000; ++i) many.push_back("/work/" + std::to_string(i));
    ASSERT_TRUE(memory().add(many).ok());
    const std::string before = text();
    Folders tooMany(100);
    for (std::size_t i = 0; i < tooMany.size(); ++i) tooMany[i] = "/no/such/folder/" + std::to_string(i);
    for (const Folders& added : {Folders{"/work/new"}, tooMany}) {
        const pid_t child = ::fork();
        if (child == 0) {
            // A write past this fails after a few bytes, as on a full disk.
            const rlim_t room = added.size() == 1 ? before.size() + 4 : 10;
            const rlimit full{room, room};
            ::signal(SIGXFSZ, SIG_IGN);
            ::_exit(::setrlimit(RLIMIT_FSIZE, &full) == 0 && !memory().add(added).ok() ? 0 : 1);
        }
        int status = -1;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0) << "it must say so";
        EXPECT_EQ(text(), before);
    }
    EXPECT_TRUE(memory().add({"/work/new"}).ok()) << "control: there is room again";
    EXPECT_NE(text(), before);
    EXPECT_TRUE(memory().add(tooMany).ok());
    EXPECT_LE(loaded().size(), 1024U);
}

/// Run by a child without privileges; the exit code says what was wrong.
int closedFolderCase(const std::string& home)
{
    ::setenv("HOME", home.c_str(), 1);
    ::unsetenv("XDG_STATE_HOME");
    const std::string above = home + "/.local/state";
    if (!WritableMemory::ofUser().add({"/work"}).ok()) return 1;
    if (WritableMemory::ofUser().folder() != above + "/belljar") return 2;
    for (const std::string& closed : {above, home}) {
        ::chmod(closed.c_str(), 0);
        const bool unknown = WritableMemory::ofUser().load() == Folders{"/"};
        const bool refused = !WritableMemory::ofUser().add({"/work/new"}).ok();
        ::chmod(closed.c_str(), 0700);
        if (!unknown) return 3;
        if (!refused) return 4;
    }
    return WritableMemory::ofUser().load() == Folders{"/work"} ? 0 : 5;
}

TEST_F(Memory, IsNotForgottenWhenAFolderAboveIsClosed)
{
    constexpr uid_t kNobody = 65534;
    const bool root = ::geteuid() == 0;
    if (root) { ASSERT_EQ(::chown(m_folder.c_str(), kNobody, kNobody), 0); }
    const pid_t child = ::fork();
    if (child == 0) ::_exit(root && ::setresuid(kNobody, kNobody, kNobody) != 0 ? 99 : closedFolderCase(m_folder));
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0) << WEXITSTATUS(status);
}

TEST_F(Memory, SaysWhenItCannotRemember)
{
    EXPECT_FALSE(WritableMemory("").add({"/work"}).ok());
    EXPECT_FALSE(WritableMemory(m_folder + "/not/there").add({"/work"}).ok());
    EXPECT_TRUE(WritableMemory("").add({}).ok());
}

}  // namespace
}  // namespace belljar
