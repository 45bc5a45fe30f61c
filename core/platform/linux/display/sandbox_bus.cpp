#include "core/platform/linux/display/sandbox_bus.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <string_view>

#include "core/platform/linux/display/helper_spawn.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

/// Numbers of the proxy's descriptors: its word that it is ready, the sandbox's folder, and the sockets of the buses.
constexpr int kReady = 3;
constexpr int kFolder = 4;
constexpr int kFirstBus = 5;

Error busError(const char* what, std::string native)
{
    return {ErrorCode::backendUnavailable, what, "/experimental/belljar/dbus", std::move(native),
            "check that the bus answers (dbus-send), or remove experimental.belljar.dbus"};
}

/// The file of the bus's socket, which the proxy will not see by its name; "": it has none.
std::string pathOf(std::string_view address)
{
    constexpr std::string_view kPath = "unix:path=";
    if (!address.starts_with(kPath)) return {};
    address.remove_prefix(kPath.size());
    return std::string(address.substr(0, address.find_first_of(",;")));
}

}  // namespace

Result<void> SandboxBus::begin(const BusPlan& plan, UniqueFd folder)
{
    m_plan = plan;
    m_folder = std::move(folder);
    m_isReady = false;
    int ends[2];
    if (!m_folder || ::pipe2(ends, O_CLOEXEC) != 0) return busError("the bus could not be prepared", errnoText(errno));
    m_ready.reset(ends[0]);
    const UniqueFd ready(ends[1]);
    std::vector<int> descriptors{ready.get(), m_folder.get()};
    std::vector<UniqueFd> buses;
    std::vector<std::string> words{"belljar-display", "bus", "own", plan.program, "--fd=" + std::to_string(kReady)};
    for (const FilteredBus& bus : plan.filtered) {
        std::string address = bus.address;
        if (const std::string path = pathOf(address); !path.empty()) {
            buses.emplace_back(::open(path.c_str(), O_PATH | O_CLOEXEC));
            if (!buses.back()) return busError("the bus to be filtered is not there", path + ": " + errnoText(errno));
            address = "unix:path=/proc/self/fd/" + std::to_string(kFirstBus + static_cast<int>(buses.size()) - 1);
            descriptors.push_back(buses.back().get());
        } else {
            words[2] = "host";  // its address names something of the host's network
        }
        words.push_back(address);
        words.push_back("/proc/self/fd/" + std::to_string(kFolder) + "/" + bus.socket);
        words.insert(words.end(), bus.rules.begin(), bus.rules.end());
    }
    const Result<pid_t> started =
        spawnHelper(plan.helper, std::move(words), {"PATH=/usr/bin:/bin", "LANG=C.UTF-8"}, descriptors);
    if (!started) return started.error();
    m_pid = *started;
    return {};
}

Result<void> SandboxBus::take()
{
    char byte = 0;
    const ssize_t length = ::read(m_ready.get(), &byte, 1);
    if (length < 0 && errno == EINTR) return {};
    if (length != 1) {
        m_ready.reset();
        return busError("the sandbox's bus could not be made", {});
    }
    m_isReady = true;
    for (const FilteredBus& bus : m_plan.filtered)
        m_objects.emplace_back(::openat(m_folder.get(), bus.socket.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    return {};
}

void SandboxBus::end()
{
    if (m_pid <= 0) return;
    m_ready.reset();
    ::kill(m_pid, SIGKILL);
    while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {}
    m_pid = -1;
}

}  // namespace belljar::linux_platform
