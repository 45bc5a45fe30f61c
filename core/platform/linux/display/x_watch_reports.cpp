#include "core/platform/linux/display/x_watch_reports.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "core/platform/linux/display/x_side.h"
#include "core/platform/linux/display/x_watch.h"

namespace belljar::linux_platform {
namespace {

/// False: there is none.
bool receive(int watch, XWatchReport& report)
{
    if (::recv(watch, &report, sizeof report, MSG_DONTWAIT) != static_cast<ssize_t>(sizeof report)) return false;
    report.way[sizeof report.way - 1] = '\0';
    report.program[sizeof report.program - 1] = '\0';
    return true;
}

}  // namespace

bool beginXWatch(int watch, const XSide& nested)
{
    XWatchReport report;
    if (!receive(watch, report) || report.times != 0) return false;
    const XWatchOrder order{{nested.opcode("BIG-REQUESTS"), nested.opcode("XTEST"), nested.opcode("RECORD"),
                             nested.opcode("XInputExtension")}};
    return ::send(watch, &order, sizeof order, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof order);
}

XWatchReports::~XWatchReports()
{
    take();
    m_repeats.takeDue(true, [this](const Attempt& attempt, std::uint32_t times) { tell(attempt, times); });
}

void XWatchReports::take()
{
    XWatchReport report;
    // Not without end, for there is more to do.
    for (int left = 64; left > 0 && receive(m_watch, report); --left) {
        // Who performs some calls of a sandbox is none of its programs.
        const bool isOurs = report.pid == ::getppid();
        const Attempt attempt{report.way, report.refused, isOurs ? 0 : report.pid, isOurs ? "" : report.program};
        if (const std::uint32_t times = m_repeats.add(attempt, report.times); times != 0) tell(attempt, times);
    }
    m_repeats.takeDue(false, [this](const Attempt& attempt, std::uint32_t times) { tell(attempt, times); });
}

void XWatchReports::tell(const Attempt& attempt, std::uint32_t times)
{
    m_reporter.tellInjection({attempt.way, attempt.refused ? EACCES : 0, attempt.pid, times},
                             [&] { return attempt.program; });
}

}  // namespace belljar::linux_platform
