#include "core/platform/linux/display/clipboard_reporter.h"

#include <algorithm>
#include <utility>

namespace belljar::linux_platform {
namespace {

/// Reports of one second; a burst may have twice as many. What is more is counted.
constexpr double kReportsPerSecond = 50;

}  // namespace

ClipboardReporter::ClipboardReporter(Sink sink)
    : m_sink(std::move(sink)), m_left(2 * kReportsPerSecond), m_refilledAt(Clock::now())
{
}

bool ClipboardReporter::mayReport()
{
    const Clock::time_point now = Clock::now();
    const std::chrono::duration<double> passed = now - std::exchange(m_refilledAt, now);
    m_left = std::min(2 * kReportsPerSecond, m_left + passed.count() * kReportsPerSecond);
    if (m_left < 1) return false;
    m_left -= 1;
    return true;
}

void ClipboardReporter::tell(const Transfer& transfer, const std::function<std::string()>& program)
{
    DisplayReport report;
    report.kind = DisplayReport::Kind::transfer;
    report.error = transfer.error;
    report.bytes = transfer.bytes;
    report.isWrite = transfer.isWrite;
    report.pid = transfer.pid;
    copyText(report.selection, transfer.selection.data(), transfer.selection.size());
    copyText(report.type, transfer.type.data(), transfer.type.size());
    send(report, program);
}

void ClipboardReporter::tellInjection(const std::string& interface, pid_t pid,
                                      const std::function<std::string()>& program)
{
    DisplayReport report;
    report.kind = DisplayReport::Kind::injection;
    report.pid = pid;
    copyText(report.type, interface.data(), interface.size());
    send(report, program);
}

void ClipboardReporter::send(DisplayReport& report, const std::function<std::string()>& program)
{
    if (!mayReport()) {
        ++m_merged;
        return;
    }
    report.merged = std::exchange(m_merged, 0);
    report.timeNs = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
    const std::string name = program();
    copyText(report.program, name.data(), name.size());
    m_sink(report);
}

}  // namespace belljar::linux_platform
