#include "core/platform/linux/display/clipboard_reporter.h"

namespace belljar::linux_platform {

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

void ClipboardReporter::tellInjection(const Injection& injection, const std::function<std::string()>& program)
{
    DisplayReport report;
    report.kind = DisplayReport::Kind::injection;
    report.error = injection.error;
    report.pid = injection.pid;
    report.times = injection.times;
    copyText(report.type, injection.way.data(), injection.way.size());
    send(report, program);
}

void ClipboardReporter::send(DisplayReport& report, const std::function<std::string()>& program)
{
    if (!m_limit.allows(report.times)) return;
    report.merged = m_limit.takeLeftOut();
    report.timeNs = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
    const std::string name = program();
    copyText(report.program, name.data(), name.size());
    m_sink(report);
}

}  // namespace belljar::linux_platform
