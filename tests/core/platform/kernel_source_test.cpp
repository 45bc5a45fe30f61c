// The kernel source on this very kernel: programs loaded, a pid namespace of our own watched. Needs root and BTF.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <thread>

#include "core/base/result.h"
#include "core/platform/linux/kernel/kernel_programs.h"
#include "core/platform/linux/kernel/ring_source.h"

namespace belljar::linux_platform {
namespace {

/// Loaded once for all tests; the reason when this machine does not.
struct Loaded {
    std::unique_ptr<KernelPrograms> programs;
    std::string whyNot;
};

Loaded& loaded()
{
    static Loaded one = [] {
        Loaded made;
        Result<std::unique_ptr<KernelPrograms>> tried = KernelPrograms::load();
        if (tried) made.programs = std::move(*tried);
        else made.whyNot = describe(tried.error());
        return made;
    }();
    return one;
}

class KernelSourceTest : public testing::Test {
protected:
    void SetUp() override
    {
        if (!loaded().programs) GTEST_SKIP() << "no programs in the kernel: " << loaded().whyNot;
        char name[] = "/var/tmp/belljar-test-kernel-XXXXXX";
        ASSERT_NE(::mkdtemp(name), nullptr);
        m_folder = name;
    }

    void TearDown() override
    {
        if (!loaded().programs) return;
        loaded().programs->endSession(0);
        const std::string remove = "rm -rf " + m_folder;
        EXPECT_EQ(std::system(remove.c_str()), 0);  // NOLINT
    }

    /// Runs `work` as the second process of a new pid namespace, after a first program could not be started. Reads the
    /// events while it runs, or only when everything is over.
    std::vector<Event> watch(TraceLevel level, const std::function<void()>& work, bool readLate = false)
    {
        int go[2] = {-1, -1};
        EXPECT_EQ(::pipe(go), 0);
        const auto init =
            static_cast<pid_t>(::syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
        if (init == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // and with it everything in its namespace
            char byte = 0;
            if (::read(go[0], &byte, 1) != 1) ::_exit(1);
            const pid_t child = ::fork();
            if (child == 0) {
                ::execl("/no-such-program", "first", "word", static_cast<char*>(nullptr));
                work();
                ::_exit(7);
            }
            ::waitpid(child, nullptr, 0);
            ::_exit(0);
        }
        const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, init, 0)));
        Result<KernelSession> session = loaded().programs->prepareSession(0);
        EXPECT_TRUE(session) << describe(session.error());
        if (!session) return {};
        const Result<void> begun = loaded().programs->beginSession(0, pidNamespaceOf(init), level);
        EXPECT_TRUE(begun) << describe(begun.error());
        Result<std::unique_ptr<EventSource>> source = makeRingSource({std::move(*session),
                                                                      {UniqueFd(::open("/", O_PATH | O_DIRECTORY)), {}},
                                                                      UniqueFd(::dup(handle.get())),
                                                                      std::chrono::steady_clock::now(),
                                                                      {}});
        EXPECT_TRUE(source);
        if (!source) return {};
        EXPECT_EQ(::write(go[1], "g", 1), 1);
        if (readLate) ::waitpid(init, nullptr, 0);
        std::vector<Event> events;
        for (Result<bool> more = true; more && *more;) more = (*source)->next(events, std::chrono::milliseconds(50));
        if (!readLate) ::waitpid(init, nullptr, 0);
        m_lost = (*source)->lost();
        ::close(go[0]);
        ::close(go[1]);
        return events;
    }

    /// "kind-less" look: the first event of this kind about this object.
    static const Event* find(const std::vector<Event>& events, EventKind kind, const std::string& object)
    {
        const auto found = std::find_if(events.begin(), events.end(),
                                        [&](const Event& e) { return e.kind == kind && e.object == object; });
        return found == events.end() ? nullptr : &*found;
    }

    std::string m_folder;
    std::uint64_t m_lost = 0;
};

TEST_F(KernelSourceTest, TellsOfProcessesFromTheFirstProgramOn)
{
    const std::vector<Event> events = watch(TraceLevel::standard, [] {
        if (::fork() == 0) {
            char* environment[] = {const_cast<char*>("SECRET=value"), nullptr};
            ::execle("/bin/true", "true", "an argument", static_cast<char*>(nullptr), environment);
            ::_exit(1);
        }
        ::wait(nullptr);
        if (::fork() == 0) ::raise(SIGKILL);
        ::wait(nullptr);
    });
    ASSERT_GE(events.size(), 8U);
    EXPECT_EQ(events[0].kind, EventKind::processFork);
    EXPECT_EQ(events[0].insidePid, 2);
    EXPECT_EQ(events[1].kind, EventKind::processExec);
    EXPECT_EQ(events[1].object, "/no-such-program");
    EXPECT_EQ(events[1].result, ENOENT);
    EXPECT_TRUE(events[1].detail.starts_with(R"(["first","word"] ")")) << events[1].detail;
    const auto program = std::find_if(events.begin(), events.end(),
                                      [](const Event& e) { return e.kind == EventKind::processExec && e.result == 0; });
    ASSERT_NE(program, events.end());
    EXPECT_TRUE(program->object.ends_with("/bin/true"));
    EXPECT_TRUE(program->detail.starts_with(R"(["true","an argument"])")) << program->detail;
    EXPECT_TRUE(program->detail.ends_with(R"(["SECRET"])")) << program->detail;
    EXPECT_EQ(program->detail.find("value"), std::string::npos);
    EXPECT_EQ(program->parentPid, events[0].pid);
    EXPECT_GT(program->processStart, 0U);
    std::vector<std::string> ends;
    for (const Event& event : events) {
        if (event.kind == EventKind::processExit) ends.push_back(event.detail);
        EXPECT_EQ(event.origin, EventOrigin::kernel);
        EXPECT_EQ(event.trust, ResultTrust::seen);
        EXPECT_NE(event.insidePid, 1);
    }
    EXPECT_EQ(ends, (std::vector<std::string>{"code 0", "signal 9", "code 7"}));
    EXPECT_EQ(m_lost, 0U);
}

TEST_F(KernelSourceTest, TellsWhatWasReadWrittenListedAndMapped)
{
    const std::string file = m_folder + "/data";
    const std::vector<Event> events = watch(TraceLevel::full, [&] {
        const int data = ::open(file.c_str(), O_CREAT | O_RDWR, 0600);
        [[maybe_unused]] ssize_t done = ::write(data, "0123456789", 10);
        done = ::write(data, "01234", 5);
        char room[8];
        done = ::pread(data, room, sizeof room, 0);
        ::close(data);
        const int left = ::open(file.c_str(), O_RDONLY);  // open until the end
        done = ::read(left, room, 3);
        const int folder = ::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY);
        char names[1024];
        ::syscall(SYS_getdents64, folder, names, sizeof names);
        ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, left, 0);
    });
    std::vector<std::string> read;
    for (const Event& event : events) {
        if (event.kind == EventKind::fileBytesRead && event.object == file)
            read.push_back(event.detail.substr(0, event.detail.find(" from")));
    }
    EXPECT_EQ(read, (std::vector<std::string>{"8 bytes", "3 bytes"}));
    const Event* written = find(events, EventKind::fileBytesWritten, file);
    ASSERT_NE(written, nullptr);
    EXPECT_TRUE(written->detail.starts_with("15 bytes from 0.")) << written->detail;
    EXPECT_NE(find(events, EventKind::fileReadFolder, m_folder), nullptr);
    EXPECT_NE(find(events, EventKind::fileMapExec, file), nullptr);
    EXPECT_NE(find(events, EventKind::fileCreate, file), nullptr);
}

/// One that nobody listens on now.
std::uint16_t freePort()
{
    const UniqueFd probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(probe.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    return ntohs(address.sin_port);
}

TEST_F(KernelSourceTest, TellsOfSocketsAndSignals)
{
    const std::uint16_t port = freePort();
    const std::vector<Event> events = watch(TraceLevel::standard, [port] {
        const int server = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        const int again = 1;  // the run before may have been a moment ago
        ::setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
        ::bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::listen(server, 1);
        const int client = ::socket(AF_INET, SOCK_STREAM, 0);
        ::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::accept(server, nullptr, nullptr);
        ::kill(4000000, SIGTERM);
        ::kill(::getpid(), 0);
    });
    for (const EventKind kind : {EventKind::netBind, EventKind::netListen, EventKind::netConnect}) {
        const Event* event = find(events, kind, "127.0.0.1:" + std::to_string(port));
        ASSERT_NE(event, nullptr) << static_cast<int>(kind);
        EXPECT_EQ(event->result, 0);
    }
    const auto count = [&](EventKind kind) {
        return std::count_if(events.begin(), events.end(), [&](const Event& e) { return e.kind == kind; });
    };
    EXPECT_EQ(count(EventKind::netAccept), 1);
    EXPECT_EQ(count(EventKind::processSignal), 1);
}

TEST_F(KernelSourceTest, SeesNobodyElse)
{
    const std::string marker = m_folder + "/outside";
    std::atomic<bool> over{false};
    std::atomic<bool> begun{false};
    std::thread other([&] {
        for (begun = true; !over;) ::close(::open(marker.c_str(), O_CREAT | O_RDWR, 0600));
    });
    // A thread that only starts may hold locks of the C library, which the new process would then wait for, for ever.
    while (!begun) std::this_thread::yield();
    const std::vector<Event> events = watch(TraceLevel::full, [&] {
        for (int i = 0; i < 2000; ++i) ::close(::open("/etc/passwd", O_RDONLY));
    });
    over = true;
    other.join();
    EXPECT_EQ(find(events, EventKind::fileOpenWrite, marker), nullptr);
    EXPECT_EQ(find(events, EventKind::fileCreate, marker), nullptr);
    EXPECT_NE(find(events, EventKind::fileOpen, "/etc/passwd"), nullptr);
}

TEST_F(KernelSourceTest, StandardLevelLeavesReadsOut)
{
    const std::vector<Event> events = watch(TraceLevel::standard, [] {
        struct stat info {};
        ::stat("/etc/passwd", &info);
        ::close(::open("/etc/passwd", O_RDONLY));
        ::open("/etc/passwd/below", O_RDONLY);
        ::close(::open("/dev/null", O_WRONLY));
    });
    EXPECT_EQ(find(events, EventKind::fileStat, "/etc/passwd"), nullptr);
    EXPECT_EQ(find(events, EventKind::fileOpen, "/etc/passwd"), nullptr);
    EXPECT_NE(find(events, EventKind::fileOpen, "/etc/passwd/below"), nullptr) << "refused, and no ordinary miss";
    EXPECT_NE(find(events, EventKind::fileOpenWrite, "/dev/null"), nullptr);
}

TEST_F(KernelSourceTest, CountsExactlyWhatAStalledReaderLoses)
{
    constexpr std::uint64_t kOpens = 300'000;  // more than the ring takes
    const std::vector<Event> events = watch(
        TraceLevel::full,
        [] {
            for (std::uint64_t i = 0; i < kOpens; ++i) ::open("/no-such-file-of-the-kernel-test", O_RDONLY);
        },
        true);
    EXPECT_GT(m_lost, 0U);
    // Beside the opens: the fork, the program that is not there, the end.
    EXPECT_EQ(events.size() + m_lost, kOpens + 3);
}

}  // namespace
}  // namespace belljar::linux_platform
