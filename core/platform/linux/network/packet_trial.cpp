#include "core/platform/linux/network/packet_trial.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/network/connection_queue.h"
#include "core/platform/linux/network/packet_rules.h"
#include "core/platform/platform.h"
#include "core/platform/posix/errno_text.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {
namespace {

enum class Part : std::uint8_t { none, socket, rules, queue };

/// What the trial came to.
struct Obstacle {
    Part part = Part::none;
    int error = 0;
};

UniqueFd filterSocket()
{
    return UniqueFd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
}

/// The kernel's words for what was not built into it. Anything else is no reason to do with less.
bool isMissing(int error)
{
    constexpr std::array kMissing{EPROTONOSUPPORT, EAFNOSUPPORT, EOPNOTSUPP, ENOENT, EINVAL, ENOSYS};
    return std::find(kMissing.begin(), kMissing.end(), error) != kMissing.end();
}

/// In the child.
Obstacle tryRules()
{
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return {};
    const UniqueFd filter = filterSocket();
    const UniqueFd queue = filterSocket();
    if (!filter || !queue) return {Part::socket, errno};
    if (const int error = exchange(filter.get(), packetRules(queueWay(filter.get()), 0, nullptr)); error != 0)
        return {Part::rules, error};
    const int error = ConnectionQueue(queue.get()).tryToOpen();
    return error == 0 ? Obstacle{} : Obstacle{Part::queue, error};
}

Obstacle tryInChild()
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return {};
    const UniqueFd heard(ends[0]);
    UniqueFd told(ends[1]);
    const pid_t child = ::fork();
    if (child == 0) {
        const Obstacle found = tryRules();
        const bool isTold = ::write(told.get(), &found, sizeof found) == static_cast<ssize_t>(sizeof found);
        ::_exit(isTold ? 0 : 1);
    }
    told.reset();
    Obstacle found;
    if (child < 0 || ::read(heard.get(), &found, sizeof found) != static_cast<ssize_t>(sizeof found)) found = {};
    if (child > 0) ::waitpid(child, nullptr, 0);
    return found;
}

std::string wordsOf(const Obstacle& obstacle)
{
    if (obstacle.part == Part::none || !isMissing(obstacle.error)) return {};
    const char* const what = obstacle.part == Part::queue   ? "this kernel has no queue for packets"
                             : obstacle.part == Part::rules ? "this kernel's nf_tables lack what the rules need"
                                                            : "this kernel has no nf_tables";
    return fmt::format("{} ({})", what, errnoText(obstacle.error));
}

}  // namespace

std::string packetObstacle(const std::string& memoryFolder)
{
    if (!filterSocket()) return wordsOf({Part::socket, errno});
    constexpr std::size_t kLargest = 64;
    const Result<std::string> boot = readFile("/proc/sys/kernel/random/boot_id", kLargest);
    const std::string file = memoryFolder.empty() || !boot ? std::string() : memoryFolder + "/packet-rules";
    if (!file.empty())
        if (const Result<std::string> known = readFile(file, kLargest); known && *known == *boot) return {};
    std::string words = wordsOf(tryInChild());
    if (!words.empty() || file.empty()) return words;
    // When it cannot be remembered, it is tried again.
    const UniqueFd memory(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
    [[maybe_unused]] const ssize_t written = ::write(memory.get(), boot->data(), boot->size());
    return words;
}

}  // namespace belljar::linux_platform
