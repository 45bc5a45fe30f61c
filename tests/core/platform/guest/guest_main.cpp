// Process 1 of the guest: loads both halves, watches a pid namespace, forbids two objects, and tells on the console
// what was seen. `init operations`
// and `init answer` are the sandboxee.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "core/base/visible.h"
#include "core/platform/linux/kernel/kernel_programs.h"
#include "core/platform/linux/kernel/object_policy.h"
#include "core/platform/linux/kernel/ring_source.h"
#include "tests/core/platform/guest/guest.h"

namespace {

using namespace belljar;
using namespace belljar::linux_platform;

std::int64_t now()
{
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

const char* word(EventKind kind)
{
    switch (kind) {
        case EventKind::processExec: return "exec";
        case EventKind::fileOpen: return "open";
        case EventKind::fileCreate: return "create";
        case EventKind::fileOpenWrite: return "openwrite";
        case EventKind::fileStat: return "stat";
        case EventKind::fileUnlink: return "unlink";
        case EventKind::fileRmdir: return "rmdir";
        case EventKind::fileRename: return "rename";
        case EventKind::fileLink: return "link";
        case EventKind::fileSymlink: return "symlink";
        case EventKind::fileMkdir: return "mkdir";
        case EventKind::fileChmod: return "chmod";
        case EventKind::fileTruncate: return "truncate";
        case EventKind::netConnect: return "connect";
        case EventKind::netBind: return "bind";
        case EventKind::netSend: return "send";
        default: return nullptr;
    }
}

/// The rule about an object that stands at a path; its number is the last to be told with a refusal.
Result<void> forbid(int policy, const char* path, bool open, bool execute)
{
    struct stat info {};
    if (::stat(path, &info) != 0) return Error{ErrorCode::backendError, "no such object", path, {}, {}};
    return forbidObject(policy, {info.st_dev, info.st_ino}, builtin_rule::kCount, open, execute);
}

/// The sandbox's process 1: waits for one byte, runs the program, ends with it.
int beInit(int go, const char* what)
{
    char byte = 0;
    if (::read(go, &byte, 1) != 1) return 1;
    const pid_t child = ::fork();
    if (child == 0) {
        char* words[] = {const_cast<char*>("/init"), const_cast<char*>(what), nullptr};
        ::execv("/init", words);
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

struct Sandbox {
    pid_t init = -1;
    UniqueFd go;
};

Sandbox startSandbox(const char* what)
{
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) return {};
    const auto pid =
        static_cast<pid_t>(::syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
    if (pid == 0) {
        ::close(ends[1]);
        ::_exit(beInit(ends[0], what));
    }
    ::close(ends[0]);
    return {pid, UniqueFd(ends[1])};
}

Result<std::unique_ptr<EventSource>> sourceFor(KernelSession session, pid_t init)
{
    RingOrigin origin{std::move(session),
                      {UniqueFd(::open("/", O_PATH | O_DIRECTORY)), {}},
                      UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, init, 0))),
                      std::chrono::steady_clock::now(),
                      {}};
    return makeRingSource(std::move(origin));
}

Result<KernelSession> begin(const KernelPrograms& programs, std::uint32_t slot, std::uint32_t space, TraceLevel level)
{
    Result<KernelSession> session = programs.prepareSession(slot);
    if (!session) return session;
    if (Result<void> begun = programs.beginSession(slot, space, level); !begun) return std::move(begun).error();
    return session;
}

bool watchOperations(KernelPrograms& programs)
{
    Sandbox sandbox = startSandbox("operations");
    const std::uint32_t space = pidNamespaceOf(sandbox.init);
    Result<KernelSession> session = begin(programs, 0, space, TraceLevel::full);
    if (!session) return std::printf("FAIL %s\n", describe(session.error()).c_str()) < 0;
    const int policy = ::dup(session->policy.get());
    if (policy < 0) return std::printf("FAIL no LSM half: %s\n", session->facts.blindSpots.front().c_str()) < 0;
    const Result<void> first = forbid(policy, "/work/forbidden", true, false);
    const Result<void> second = forbid(policy, "/work/forbidden-program", false, true);
    if (!first || !second) return std::printf("FAIL the rules were not taken\n") < 0;
    Result<std::unique_ptr<EventSource>> source = sourceFor(std::move(*session), sandbox.init);
    if (!source) return std::printf("FAIL %s\n", describe(source.error()).c_str()) < 0;
    [[maybe_unused]] const ssize_t written = ::write(sandbox.go.get(), "g", 1);
    std::vector<Event> events;
    for (Result<bool> more = true; more && *more;) more = (*source)->next(events, std::chrono::milliseconds(100));
    for (const Event& event : events) {
        const char* kind = word(event.kind);
        if (kind == nullptr) continue;
        std::printf("SEEN %s %s %d %s\n", kind, visible(event.object).c_str(), event.result,
                    event.trust == ResultTrust::seen ? "seen" : "derived");
    }
    std::printf("LOST %llu\n", static_cast<unsigned long long>((*source)->lost()));
    programs.endSession(0);
    // Outside, the forbidden is open.
    std::printf("OUTSIDE %d\n", ::open("/work/forbidden", O_RDONLY) >= 0 ? 0 : errno);
    return true;
}

/// From the call that changes a rule until an open has gone the new way, in microseconds.
bool timeRules(KernelPrograms& programs)
{
    void* shared = ::mmap(nullptr, sizeof(guest::RulePage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    auto& page = *new (shared) guest::RulePage;
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) return false;
    const auto init =
        static_cast<pid_t>(::syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
    if (init == 0) {
        char byte = 0;
        if (::read(ends[0], &byte, 1) != 1) ::_exit(1);
        const pid_t child = ::fork();
        if (child == 0) {
            // Makes the session live; the page stays, unlike after a success.
            ::execl("/work/no-program", "x", static_cast<char*>(nullptr));
            guest::spinOnOpen(page);
            ::_exit(0);
        }
        ::waitpid(child, nullptr, 0);
        ::_exit(0);
    }
    Result<KernelSession> session = begin(programs, 1, pidNamespaceOf(init), TraceLevel::standard);
    if (!session) return std::printf("FAIL %s\n", describe(session.error()).c_str()) < 0;
    [[maybe_unused]] const ssize_t written = ::write(ends[1], "g", 1);
    ::usleep(200'000);
    std::vector<double> took;
    for (std::uint32_t change = 1; change <= 400; ++change) {
        page.seenNs = 0;
        page.wanted = change;
        const std::int64_t begun = now();
        const Result<void> changed = forbid(session->policy.get(), "/work/spin", change % 2 == 1, false);
        if (!changed) return std::printf("FAIL %s\n", describe(changed.error()).c_str()) < 0;
        while (page.seenNs == 0 && now() - begun < 2'000'000'000) ::sched_yield();  // the guest has one processor
        if (page.seenNs == 0) return std::printf("FAIL a rule had no effect\n") < 0;
        took.push_back(static_cast<double>(page.seenNs - begun) / 1e3);
    }
    page.over = true;
    ::waitpid(init, nullptr, 0);
    std::sort(took.begin(), took.end());
    std::printf("RULE %.1f %.1f\n", took[took.size() / 2], took[took.size() * 99 / 100]);
    return true;
}

void copyFile(const char* source, const char* target)
{
    const int from = ::open(source, O_RDONLY);
    const int to = ::open(target, O_CREAT | O_WRONLY, 0755);
    while (::sendfile(to, from, nullptr, 1U << 20U) > 0) {}
    ::close(to);
    ::close(from);
}

/// Sandboxes cannot leave the root that the kernel starts with, so the guest moves to one of its own.
void moveRoot()
{
    ::mkdir("/own", 0755);
    ::mount("tmpfs", "/own", "tmpfs", 0, nullptr);
    copyFile("/init", "/own/init");
    copyFile("/belljar-shim", "/own/belljar-shim");
    ::chdir("/own");
    ::mount(".", "/", nullptr, MS_MOVE, nullptr);
    ::chroot(".");
}

/// What a session needs of a system, and what it is about.
void prepareSessions()
{
    for (const char* folder : {"/usr", "/usr/bin", "/etc", "/tmp", "/tools", "/data", "/side"}) ::mkdir(folder, 0755);
    ::mount("devtmpfs", "/dev", "devtmpfs", 0, nullptr);
    // Looked for, and not started: belljar-shim makes the tree itself.
    copyFile("/belljar-shim", "/usr/bin/bwrap");
    copyFile("/init", "/tools/guest");
    copyFile("/init", "/data/secret");
    for (const char* name : {"/data/free", "/side/file"}) ::close(::open(name, O_CREAT | O_WRONLY, 0644));
    ::setenv("PATH", "/usr/bin", 1);
    ::setenv("HOME", "/tmp", 1);
}

void prepare()
{
    for (const char* folder : {"/proc", "/sys", "/dev", "/work"}) ::mkdir(folder, 0755);
    ::mount("proc", "/proc", "proc", 0, nullptr);
    ::mount("sysfs", "/sys", "sysfs", 0, nullptr);
    for (const char* name : {"forbidden", "forbidden-program", "free", "spin"}) {
        const std::string path = std::string("/work/") + name;
        ::close(::open(path.c_str(), O_CREAT | O_WRONLY, 0755));
    }
    // A program that would run, so that only a rule can refuse it; a copy, since a rule is about an object.
    copyFile("/init", "/work/forbidden-program");
    prepareSessions();
}

}  // namespace

namespace guest {

void spinOnOpen(RulePage& page)
{
    std::uint32_t told = 0;
    while (!page.over) {
        const std::uint32_t wanted = page.wanted;
        const int opened = ::open("/work/spin", O_RDONLY);
        if (opened >= 0) ::close(opened);
        if (wanted != told && (opened < 0) == (wanted % 2 == 1)) {
            told = wanted;
            page.seenNs = now();
        }
        ::sched_yield();
    }
}

}  // namespace guest

int main(int argc, char** argv)
{
    if (argc > 1 && std::strcmp(argv[1], "operations") == 0) return guest::doOperations();
    if (argc > 1) return std::strcmp(argv[1], "answer") == 0 ? guest::answerQuestions() : 0;
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    moveRoot();
    prepare();
    Result<std::unique_ptr<KernelPrograms>> programs = KernelPrograms::load();
    if (!programs) std::printf("FAIL %s\n", describe(programs.error()).c_str());
    else if (watchOperations(**programs)) timeRules(**programs);
    if (programs) *programs = nullptr;
    guest::changeSessions();
    std::printf("END\n");
    std::fflush(stdout);
    ::usleep(100'000);
    ::reboot(RB_POWER_OFF);
}
