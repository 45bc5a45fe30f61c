// Handles of callers, whose numbers come round again; and capabilities laid down.
#include "core/platform/linux/guarded_call.h"

#include <gtest/gtest.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace belljar::linux_platform {
namespace {

/// A child that only waits, with the write end of a pipe of its own as `descriptor`; gone with it.
class Child {
public:
    /// `number` 0: any; others need privileges.
    explicit Child(char mark, pid_t number = 0)
    {
        if (::pipe(m_ends.data()) != 0) return;
        clone_args how{};
        how.exit_signal = SIGCHLD;
        if (number != 0) {
            how.set_tid = reinterpret_cast<std::uint64_t>(&number);
            how.set_tid_size = 1;
        }
        m_pid = static_cast<pid_t>(::syscall(SYS_clone3, &how, sizeof how));
        if (m_pid != 0) return;
        if (::write(m_ends[1], &mark, 1) != 1) ::_exit(1);
        for (;;) ::pause();
    }
    ~Child() { end(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void end()
    {
        if (m_pid <= 0) return;
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
        m_pid = -1;
        for (const int one : m_ends) ::close(one);
    }
    [[nodiscard]] pid_t pid() const { return m_pid; }
    [[nodiscard]] int descriptor() const { return m_ends[0]; }

private:
    std::array<int, 2> m_ends{-1, -1};
    pid_t m_pid = -1;
};

seccomp_notif noteOf(pid_t pid)
{
    seccomp_notif note{};
    note.pid = static_cast<std::uint32_t>(pid);
    return note;
}

/// What the child has written into the pipe, read from a duplicate; '\0': there is none.
char markOf(Caller& caller, int descriptor)
{
    int error = 0;
    const UniqueFd copy = caller.duplicate(descriptor, error);
    char mark = '\0';
    return copy && ::read(copy.get(), &mark, 1) == 1 ? mark : '\0';
}

TEST(CallerTest, HandlesAreKeptForTheSameThread)
{
    const Child child('a');
    ASSERT_GT(child.pid(), 0) << std::strerror(errno);
    ThreadHandles handles;
    const ThreadHandles::Handle first = handles.of(child.pid());
    const Child other('b');
    ASSERT_GT(other.pid(), 0) << std::strerror(errno);
    EXPECT_EQ(handles.of(child.pid()), first);
    EXPECT_NE(handles.of(other.pid()), first);
}

TEST(CallerTest, ANumberThatComesAgainIsAnotherCaller)
{
    ThreadHandles handles;
    Child first('a');
    ASSERT_GT(first.pid(), 0) << std::strerror(errno);
    const pid_t number = first.pid();
    const int descriptor = first.descriptor();
    {
        Caller caller(-1, noteOf(number), handles);
        ASSERT_EQ(markOf(caller, descriptor), 'a');
    }
    first.end();
    const Child second('b', number);
    if (second.pid() < 0) GTEST_SKIP() << "a process's number cannot be chosen here: " << std::strerror(errno);
    ASSERT_EQ(second.descriptor(), descriptor) << "the test needs the same number of a descriptor";
    Caller caller(-1, noteOf(number), handles);
    EXPECT_EQ(markOf(caller, descriptor), 'b');
}

TEST(CallerTest, AThreadThatIsGoneHasNoDescriptors)
{
    ThreadHandles handles;
    Child child('a');
    ASSERT_GT(child.pid(), 0) << std::strerror(errno);
    Caller caller(-1, noteOf(child.pid()), handles);
    const int descriptor = child.descriptor();
    child.end();
    int error = 0;
    EXPECT_FALSE(caller.duplicate(descriptor, error));
    EXPECT_NE(error, 0);
}

std::uint32_t effectiveCapabilities()
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2]{};
    return ::syscall(SYS_capget, &header, data) == 0 ? data[0].effective : 0;
}

TEST(WithoutCapabilitiesTest, TheInnerOneGivesNothingBack)
{
    const std::uint32_t before = effectiveCapabilities();
    if (before == 0) GTEST_SKIP() << "this user has no capabilities";
    {
        const WithoutCapabilities outer;
        EXPECT_EQ(effectiveCapabilities(), 0U);
        {
            const WithoutCapabilities inner;
            EXPECT_EQ(effectiveCapabilities(), 0U);
        }
        EXPECT_EQ(effectiveCapabilities(), 0U);
    }
    EXPECT_EQ(effectiveCapabilities(), before);
}

}  // namespace
}  // namespace belljar::linux_platform
