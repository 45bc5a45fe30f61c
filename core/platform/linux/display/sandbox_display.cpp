#include "core/platform/linux/display/sandbox_display.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "core/platform/linux/display/display_protocol.h"
#include "core/platform/linux/display/helper_spawn.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

/// Far longer than an order takes. A display that does not obey by then is ended, so that nothing goes on under rules
/// that are no more.
constexpr std::chrono::seconds kPatience{5};

Error displayError(const char* what, int error)
{
    return {ErrorCode::backendError, what, {}, errnoText(error), {}};
}

/// What the helper and the X server need of ours: the way to the user's display.
std::vector<std::string> displayEnvironment()
{
    std::vector<std::string> environment{"PATH=/usr/bin:/bin", "LANG=C.UTF-8"};
    for (const char* name : {"DISPLAY", "XAUTHORITY", "HOME"})
        if (const char* value = std::getenv(name); value != nullptr)  // NOLINT: nobody sets variables
            environment.push_back(std::string(name) + "=" + value);
    return environment;
}

}  // namespace

Result<void> SandboxDisplay::begin(const DisplayPlan& plan, Received& offer)
{
    const UniqueFd listener = offer.file(kSocketDisplay);
    const UniqueFd client = offer.file(kSocketClient);
    m_object = offer.file(kSocketObject);
    int ends[2];
    if (!listener || !client || !m_object || ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return displayError("the sandbox's display could not be prepared", errno);
    UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);
    if (Result<void> started = start(plan, {theirs.get(), listener.get(), client.get()}); !started) return started;
    const std::lock_guard lock(m_mutex);
    m_orders.reset(::fcntl(ours.get(), F_DUPFD_CLOEXEC, 3));
    m_control = std::move(ours);
    return {};
}

Result<void> SandboxDisplay::start(const DisplayPlan& plan, const int (&descriptors)[3])
{
    std::string flags = "-";
    if (plan.clipboard.read) flags += 'r';
    if (plan.clipboard.write) flags += 'w';
    if (plan.inputTools) flags += 'i';
    const std::vector<std::string> words =
        plan.compositor.empty()
            ? std::vector<std::string>{"belljar-display", "x", plan.program, plan.number, plan.size, plan.title, flags}
            : std::vector<std::string>{"belljar-display", "wayland", plan.compositor, plan.title, flags};
    const Result<pid_t> started = spawnHelper(plan.helper, words, displayEnvironment(), {descriptors, descriptors + 3});
    if (!started) return started.error();
    m_pid = *started;
    return {};
}

SandboxDisplay::News SandboxDisplay::take()
{
    DisplayReport report;
    const ssize_t length = ::recv(m_control.get(), &report, sizeof report, MSG_DONTWAIT);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) return News::none;
    if (length != static_cast<ssize_t>(sizeof report)) return gone();
    for (char* last : {&report.selection[sizeof report.selection - 1], &report.type[sizeof report.type - 1],
                       &report.program[sizeof report.program - 1], &report.text[sizeof report.text - 1]})
        *last = '\0';
    switch (report.kind) {
        case DisplayReport::Kind::ready: return News::ready;
        case DisplayReport::Kind::failed: m_failure = report.text; return News::failed;
        case DisplayReport::Kind::obeyed: {
            const std::lock_guard lock(m_mutex);
            m_obeyed = report.number;
            m_answered.notify_all();
            return News::none;
        }
        case DisplayReport::Kind::transfer:
        case DisplayReport::Kind::injection: break;
    }
    if (!m_listener) return News::none;
    DesktopEvent event;
    if (report.kind == DisplayReport::Kind::injection) event.kind = DesktopEvent::Kind::injection;
    event.isWrite = report.isWrite;
    event.selection = report.selection;
    event.type = report.type;
    event.program = report.program;
    event.bytes = report.bytes;
    event.error = report.error;
    event.pid = report.pid;
    event.times = report.times;
    event.merged = report.merged;
    event.time = std::chrono::steady_clock::time_point(std::chrono::nanoseconds(report.timeNs));
    m_listener(event);
    return News::none;
}

SandboxDisplay::News SandboxDisplay::gone()
{
    m_control.reset();
    const std::lock_guard lock(m_mutex);
    m_orders.reset();
    m_answered.notify_all();
    return News::ended;
}

Error SandboxDisplay::error() const
{
    return {ErrorCode::backendUnavailable, "the sandbox's display could not be made", "/ui/disable", m_failure,
            "check that the user's display answers (xdpyinfo, wayland-info), or set ui.disable to true"};
}

void SandboxDisplay::end()
{
    if (m_pid <= 0) return;
    // What it has counted and not told yet; it goes when it hears nothing more of us.
    constexpr int kLastWords = 100;
    if (m_control) ::shutdown(m_control.get(), SHUT_WR);
    for (pollfd said{m_control.get(), POLLIN, 0}; m_control && ::poll(&said, 1, kLastWords) > 0;)
        static_cast<void>(take());
    gone();
    // It takes the X server along however it ends; there is nothing that it has to put in order.
    ::kill(m_pid, SIGKILL);
    while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {}
    m_pid = -1;
}

Result<void> SandboxDisplay::setClipboard(ClipboardRights rights)
{
    const std::lock_guard changing(m_changing);
    std::unique_lock lock(m_mutex);
    const auto refused = [](const char* why) { return Error{ErrorCode::notStarted, why, "/ui/clipboard", {}, {}}; };
    if (!m_orders) return refused("the sandbox has no display");
    const DisplayOrder order{++m_ordered, rights.read, rights.write};
    if (::send(m_orders.get(), &order, sizeof order, MSG_NOSIGNAL | MSG_DONTWAIT) != static_cast<ssize_t>(sizeof order))
        return refused("the sandbox's display is gone");
    const bool answered = m_answered.wait_for(lock, kPatience, [&] { return !m_orders || m_obeyed == order.number; });
    if (answered && m_orders) return {};
    // The end of its socket ends the display.
    if (m_orders) ::shutdown(m_orders.get(), SHUT_RDWR);
    return refused("the sandbox's display did not obey and was ended");
}

}  // namespace belljar::linux_platform
