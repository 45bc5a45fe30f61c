// What this Linux machine is like.
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>

#include <spdlog/fmt/fmt.h>

#include "core/base/path_text.h"
#include "core/platform/linux/cgroup.h"
#include "core/platform/linux/network/packet_trial.h"
#include "core/platform/linux/program_paths.h"
#include "core/platform/linux/program_reader.h"
#include "core/platform/linux/syscall_names.h"
#include "core/platform/platform.h"
#include "core/platform/posix/posix_host.h"

namespace belljar {
namespace {

constexpr std::size_t kProcFile = 16U << 20U;

/// mountinfo writes space, tab, newline and backslash as \ooo.
std::string unescapeMount(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size()) {
            out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::vector<std::string_view> words(std::string_view line)
{
    std::vector<std::string_view> found;
    std::size_t begin = 0;
    while (begin < line.size()) {
        const std::size_t end = std::min(line.find(' ', begin), line.size());
        if (end > begin) found.push_back(line.substr(begin, end - begin));
        begin = end + 1;
    }
    return found;
}

std::vector<MountFacts> readMounts()
{
    std::vector<MountFacts> mounts;
    const Result<std::string> text = readFile("/proc/self/mountinfo", kProcFile);
    if (!text) return mounts;
    std::size_t begin = 0;
    while (begin < text->size()) {
        const std::size_t end = std::min(text->find('\n', begin), text->size());
        const std::vector<std::string_view> fields = words(std::string_view(*text).substr(begin, end - begin));
        begin = end + 1;
        if (fields.size() < 7) continue;
        MountFacts mount;
        const std::string device(fields[2]);
        unsigned major = 0;
        unsigned minor = 0;
        if (std::sscanf(device.c_str(), "%u:%u", &major, &minor) != 2) continue;  // NOLINT: two plain numbers
        mount.device = makedev(major, minor);
        mount.root = unescapeMount(fields[3]);
        mount.mountPoint = unescapeMount(fields[4]);
        for (std::size_t i = 6; i + 1 < fields.size(); ++i) {
            if (fields[i] == "-") mount.fileSystem = std::string(fields[i + 1]);
        }
        mounts.push_back(std::move(mount));
    }
    return mounts;
}

/// Output of `program --version` without its name; a program that does not answer in 2 s is killed by its alarm.
std::string versionOf(const std::string& program)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return {};
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::alarm(2);
        ::dup2(ends[1], 1);
        ::execl(program.c_str(), program.c_str(), "--version", nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    std::array<char, 128> text{};
    const ssize_t length = pid > 0 ? ::read(ends[0], text.data(), text.size() - 1) : 0;
    ::close(ends[0]);
    if (pid > 0) ::waitpid(pid, nullptr, 0);
    if (length <= 0) return {};
    std::string answer(text.data(), static_cast<std::size_t>(length));
    answer = answer.substr(0, answer.find('\n'));
    return answer.substr(answer.rfind(' ') + 1);
}

/// Really makes a user namespace: settings and security modules are too many to read.
int tryUserNamespace()
{
    const long pid = ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
    if (pid == 0) ::_exit(0);
    if (pid < 0) return errno;
    ::waitpid(static_cast<pid_t>(pid), nullptr, 0);
    return 0;
}

std::string userNamespaceAdvice(int error)
{
    const auto setting = [](const char* path) {
        const Result<std::string> text = readFile(path, 64);
        return text ? text->substr(0, text->find('\n')) : std::string();
    };
    if (setting("/proc/sys/kernel/unprivileged_userns_clone") == "0")
        return "user namespaces are switched off by kernel.unprivileged_userns_clone = 0";
    if (setting("/proc/sys/user/max_user_namespaces") == "0")
        return "user namespaces are switched off by user.max_user_namespaces = 0";
    if (setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1")
        return "AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns = 1)";
    return fmt::format("the kernel refuses a user namespace: {}", std::strerror(error));
}

/// As programs find a bus: by a variable, or at its usual place.
std::string busAddress(const char* variable, const std::string& usual)
{
    const char* given = std::getenv(variable);  // NOLINT: nobody sets variables
    if (given != nullptr && *given != '\0') return given;
    return ::access(usual.c_str(), F_OK) == 0 ? "unix:path=" + usual : std::string();
}

class LinuxHost final : public PosixHost {
public:
    explicit LinuxHost(bool withProbes)
    {
        SystemFacts& s = m_system;
        s.system = "linux";
        s.distribution = distribution();
        s.bwrapPath = linux_platform::findProgram("bwrap");
        s.shimPath = linux_platform::findShim();
        s.xephyrPath = linux_platform::findProgram("Xephyr");
        s.displayHelperPath = linux_platform::findDisplayHelper();
        s.dbusProxyPath = linux_platform::findProgram("xdg-dbus-proxy");
        s.sessionBus = busAddress("DBUS_SESSION_BUS_ADDRESS", fmt::format("/run/user/{}/bus", ::getuid()));
        s.systemBus = busAddress("DBUS_SYSTEM_BUS_ADDRESS", "/run/dbus/system_bus_socket");
        s.echoes = static_cast<bool>(UniqueFd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP)));
        s.landlockAbi = std::max(
            0, static_cast<int>(::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION)));
        const std::uint32_t notify = SECCOMP_RET_USER_NOTIF;
        s.seccompNotify = ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &notify) == 0;
        s.pidsCgroupWritable = !linux_platform::writableCgroup("pids").empty();
        s.memoryCgroupWritable = !linux_platform::writableCgroup("memory").empty();
        s.userNamespaces = true;
        if (!withProbes) return;
        if (!s.bwrapPath.empty()) s.bwrapVersion = versionOf(s.bwrapPath);
        if (const int error = tryUserNamespace(); error != 0) {
            s.userNamespaces = false;
            s.userNamespacesReason = userNamespaceAdvice(error);
        }
    }

    [[nodiscard]] const std::vector<MountFacts>& mounts() const override
    {
        std::call_once(m_mountsRead, [this] { m_mounts = readMounts(); });
        return m_mounts;
    }

    [[nodiscard]] std::string packetObstacle() const override
    {
        std::call_once(m_packetsTried, [this] { m_packetObstacle = linux_platform::packetObstacle(memoryFolder()); });
        return m_packetObstacle;
    }

    [[nodiscard]] Result<ProgramFacts> program(const std::string& path, bool withHash) const override
    {
        return linux_platform::readProgram(path, withHash);
    }
    [[nodiscard]] std::vector<SystemCallFacts> systemCalls() const override
    {
        return linux_platform::systemCallNames();
    }
    [[nodiscard]] std::vector<SystemCallFacts> closedSystemCalls() const override
    {
        return linux_platform::closedSystemCalls();
    }

private:
    static std::string distribution()
    {
        const Result<std::string> text = readFile("/etc/os-release", kProcFile);
        if (!text) return {};
        const std::string key = "PRETTY_NAME=";
        const std::size_t at = text->find(key);
        if (at == std::string::npos) return {};
        std::string name = text->substr(at + key.size(), text->find('\n', at) - at - key.size());
        if (name.size() >= 2 && name.front() == '"') name = name.substr(1, name.size() - 2);
        return name;
    }

    mutable std::once_flag m_packetsTried;
    mutable std::string m_packetObstacle;
    mutable std::once_flag m_mountsRead;
    mutable std::vector<MountFacts> m_mounts;
};

}  // namespace

std::unique_ptr<HostFacts> inspectHost(bool withProbes)
{
    return std::make_unique<LinuxHost>(withProbes);
}

}  // namespace belljar
