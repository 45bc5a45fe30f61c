#include "core/platform/linux/display/sandbox_bus.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "core/platform/linux/display/display_protocol.h"
#include "core/platform/linux/display/helper_spawn.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

/// A call is decided when its line is followed by another, which comes at once where it is refused. Without answers and
/// other calls there is none.
constexpr int kSilence = 2000;

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

Result<void> SandboxBus::begin(const BusPlan& plan, const FilteredBus& bus, UniqueFd folder)
{
    m_socket = bus.socket;
    m_name = bus.socket.substr(0, bus.socket.find('-'));
    m_folder = std::move(folder);
    m_isReady = false;
    int ready[2];
    int said[2];
    if (!m_folder || ::pipe2(ready, O_CLOEXEC) != 0) return busError("the bus could not be prepared", errnoText(errno));
    m_ready.reset(ready[0]);
    const UniqueFd theirReady(ready[1]);
    if (::pipe2(said, O_CLOEXEC) != 0) return busError("the bus could not be prepared", errnoText(errno));
    m_said.reset(said[0]);
    const UniqueFd theirSaid(said[1]);
    std::vector<int> descriptors{theirReady.get(), theirSaid.get(), m_folder.get()};
    std::vector<std::string> words{"belljar-display", "bus", "own", plan.program, "--fd=" + std::to_string(kBusReady)};
    UniqueFd file;
    std::string address = bus.address;
    if (const std::string path = pathOf(address); !path.empty()) {
        file.reset(::open(path.c_str(), O_PATH | O_CLOEXEC));
        if (!file) return busError("the bus to be filtered is not there", path + ": " + errnoText(errno));
        address = "unix:path=/proc/self/fd/" + std::to_string(kBusSocket);
        descriptors.push_back(file.get());
    } else {
        words[2] = "host";  // its address names something of the host's network
    }
    words.push_back(address);
    words.push_back("/proc/self/fd/" + std::to_string(kBusFolder) + "/" + bus.socket);
    words.insert(words.end(), bus.rules.begin(), bus.rules.end());
    if (m_listener) words.emplace_back("--log");
    const Result<pid_t> started =
        spawnHelper(plan.helper, std::move(words), {"PATH=/usr/bin:/bin", "LANG=C.UTF-8"}, descriptors);
    if (!started) return started.error();
    m_pid = *started;
    if (m_listener) m_hearing = std::thread([this] { hear(); });
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
    m_object.reset(::openat(m_folder.get(), m_socket.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    return {};
}

void SandboxBus::hear()
{
    BusLog log([this](const BusCall& call) {
        if (const std::uint32_t times = m_repeats.add(call); times != 0) tell(call, times);
    });
    std::vector<char> bytes(64UL << 10U);
    const auto told = [this](const BusCall& call, std::uint32_t times) { tell(call, times); };
    while (true) {
        int patience = log.isUndecided() ? kSilence : -1;
        if (const auto due = m_repeats.deadline()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - ReportLimit::Clock::now()).count();
            const int wait = static_cast<int>(std::clamp<std::int64_t>(left, 0, kSilence));
            patience = patience < 0 ? wait : std::min(patience, wait);
        }
        pollfd said{m_said.get(), POLLIN, 0};
        const int count = ::poll(&said, 1, patience);
        if (count > 0) {
            const ssize_t length = ::read(m_said.get(), bytes.data(), bytes.size());
            if (length == 0 || (length < 0 && errno != EINTR)) break;
            if (length > 0) log.read({bytes.data(), static_cast<std::size_t>(length)});
        }
        if (count == 0 && patience == kSilence) log.decide();
        m_repeats.takeDue(false, told);
    }
    log.decide();
    // There is no later event to say how many were left out.
    m_repeats.takeDue(true, [this](const BusCall& call, std::uint32_t times) { report(call, times); });
    if (const std::optional<BusCall> last = m_leftOut) report(*last, 0);
}

void SandboxBus::tell(const BusCall& call, std::uint32_t times)
{
    if (m_limit.allows(times)) report(call, times);
    else m_leftOut = call;
}

void SandboxBus::report(const BusCall& call, std::uint32_t times)
{
    DesktopEvent event;
    event.kind = DesktopEvent::Kind::busCall;
    event.selection = m_name;
    event.type = call.service;
    event.member = call.member;
    event.path = call.path;
    event.error = call.refused ? EACCES : 0;
    event.times = times;
    event.merged = m_limit.takeLeftOut();
    m_leftOut.reset();
    event.time = ReportLimit::Clock::now();
    m_listener(event);
}

void SandboxBus::end()
{
    m_ready.reset();
    if (m_pid > 0) {
        ::kill(m_pid, SIGKILL);
        while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {}
        m_pid = -1;
    }
    // Nobody writes any more, so it ends with what there is.
    if (m_hearing.joinable()) m_hearing.join();
}

}  // namespace belljar::linux_platform
