// Reading another process's arguments: here the process is our own.
#include "core/platform/linux/target_memory.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/base/path_text.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {
namespace {

std::uint64_t addressOf(const void* pointer)
{
    return reinterpret_cast<std::uint64_t>(pointer);
}

TEST(ReadString, StopsAtItsEndEvenAtTheEndOfAMapping)
{
    constexpr std::size_t kPage = 4096;
    char* pages =
        static_cast<char*>(::mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    ASSERT_NE(pages, MAP_FAILED);
    ASSERT_EQ(::munmap(pages + kPage, kPage), 0);
    char* text = pages + kPage - 6;
    std::strcpy(text, "hello");
    EXPECT_EQ(readString(::getpid(), addressOf(text), 4096), "hello");
    text[5] = '!';  // no end before the hole
    EXPECT_EQ(readString(::getpid(), addressOf(text), 4096), std::nullopt);
    EXPECT_EQ(readString(::getpid(), addressOf(text), 4), "hell") << "bounded";
    EXPECT_EQ(readString(::getpid(), 0, 10), std::nullopt);
    ::munmap(pages, kPage);
}

TEST(ReadTextList, QuotesAndBounds)
{
    const char* argv[] = {"sh", "-c", "a \"b\"\n", nullptr};
    EXPECT_EQ(readTextList(::getpid(), addressOf(argv), false), R"(["sh","-c","a \"b\"\n"])");
    const char* many[301];
    for (const char*& word : many) word = "x";
    many[300] = nullptr;
    const std::string list = readTextList(::getpid(), addressOf(many), false);
    EXPECT_NE(list.find("…"), std::string::npos);
    EXPECT_EQ(readTextList(::getpid(), 1, false), "[]");
}

TEST(DescribeAddress, KnowsTheFamilies)
{
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(443);
    ::inet_pton(AF_INET, "192.0.2.1", &v4.sin_addr);
    EXPECT_EQ(describeAddress(&v4, sizeof v4), "192.0.2.1:443");
    EXPECT_EQ(describeAddress(&v4, 4), "") << "cut off";
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(80);
    v6.sin6_addr = in6addr_loopback;
    EXPECT_EQ(describeAddress(&v6, sizeof v6), "[::1]:80");
    sockaddr_un path{};
    path.sun_family = AF_UNIX;
    std::strcpy(path.sun_path, "/run/x");
    EXPECT_EQ(describeAddress(&path, sizeof path), "unix:/run/x");
    EXPECT_EQ(describeAddress("\1\0\0abc", 6), "unix:@abc");
    EXPECT_EQ(describeAddress("\x28\0xxxx", 6), "") << "vsock is refused elsewhere";
}

TEST(LookUpInside, ResolvesLinksBelowTheRoot)
{
    const UniqueFd root(::open("/", O_PATH | O_DIRECTORY));
    const InsideObject self = lookUpInside(root.get(), "/proc/../etc/passwd", true);
    EXPECT_TRUE(self.exists);
    EXPECT_EQ(self.path, "/etc/passwd");
    const InsideObject missing = lookUpInside(root.get(), "/etc/./no-such-file", true);
    EXPECT_FALSE(missing.exists);
    EXPECT_EQ(missing.error, ENOENT);
    EXPECT_EQ(missing.path, "/etc/no-such-file");
    const UniqueFd etc(::open("/etc", O_PATH | O_DIRECTORY));
    EXPECT_FALSE(lookUpInside(etc.get(), "/../../usr/bin/env", true).exists) << ".. stops at the root";
}

/// A root of its own, so that absolute links stay inside.
class InsideTree : public testing::Test {
protected:
    InsideTree()
    {
        EXPECT_NE(::mkdtemp(m_path.data()), nullptr);
        m_root.reset(::open(m_path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        EXPECT_EQ(::mkdir((m_path + "/folder").c_str(), 0700), 0);
    }
    ~InsideTree() override { std::filesystem::remove_all(m_path); }

    void link(const char* target, const std::string& name) { EXPECT_EQ(::symlink(target, (m_path + name).c_str()), 0); }

    std::string m_path = std::filesystem::temp_directory_path().string() + "/belljar-test-XXXXXX";
    UniqueFd m_root;
};

TEST_F(InsideTree, DanglingLinksAreFollowedToWhatIsMeant)
{
    link("/absent/secret", "/folder/planted");
    link("/folder/planted", "/folder/second");
    link("/", "/folder/top");
    for (const char* name : {"/folder/planted", "/folder/second", "/folder/top/absent/secret", "/absent/secret"}) {
        const InsideObject object = lookUpInside(m_root.get(), name, true);
        EXPECT_FALSE(object.exists) << name;
        EXPECT_EQ(object.error, ENOENT) << name;
        EXPECT_EQ(object.path, m_path + "/absent/secret") << name;
    }
    EXPECT_EQ(lookUpInside(m_root.get(), "/folder/planted", false).path, m_path + "/folder/planted");
    EXPECT_TRUE(lookUpInside(m_root.get(), "/folder/planted", false).exists) << "the link itself";
}

TEST_F(InsideTree, LinksInACircleEnd)
{
    link("b", "/folder/a");
    link("a", "/folder/b");
    const InsideObject object = lookUpInside(m_root.get(), "/folder/a", true);
    EXPECT_FALSE(object.exists);
    EXPECT_EQ(object.error, ELOOP);
}

TEST(WithoutOwnNames, SaysWhatTheNamesMean)
{
    const UniqueFd root(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    const UniqueFd file(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
    const UniqueFd nameless(::memfd_create("x", MFD_CLOEXEC));
    const std::string own = std::to_string(::getpid());
    const std::string number = std::to_string(file.get());
    const auto meant = [&](const std::string& path) { return withoutOwnNames(::getpid(), root.get(), path); };
    EXPECT_EQ(meant("/proc/self/status"), "/proc/" + own + "/status");
    EXPECT_EQ(meant("/proc/self/root/etc/passwd"), "/etc/passwd");
    EXPECT_EQ(meant("/proc/self/root"), "/");
    EXPECT_EQ(meant("/proc/self/fd/" + number), "/etc/passwd");
    EXPECT_EQ(meant("/dev/fd/" + number), "/etc/passwd");
    EXPECT_EQ(meant("/proc/self/cwd/x"), joinPath(std::filesystem::current_path().string(), "x"));
    EXPECT_EQ(meant("/etc/../proc/self/root"), "/");
    // What is not in the tree keeps its name: it would be a lie to give it another.
    EXPECT_EQ(meant("/proc/self/fd/" + std::to_string(nameless.get())),
              "/proc/self/fd/" + std::to_string(nameless.get()));
    EXPECT_EQ(meant("/proc/self/fd/9999"), "/proc/self/fd/9999");
    EXPECT_EQ(meant("/proc/selfish"), "/proc/selfish");
    EXPECT_EQ(meant("/etc/passwd"), "/etc/passwd");
}

TEST(FolderOf, FindsTheWorkingFolder)
{
    char here[4096];
    ASSERT_NE(::getcwd(here, sizeof here), nullptr);
    EXPECT_EQ(folderOf(::getpid(), AT_FDCWD), here);
    EXPECT_EQ(folderOf(::getpid(), 9999), "");
}

}  // namespace
}  // namespace belljar::linux_platform
