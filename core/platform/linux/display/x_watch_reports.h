// Our end of the watch in the nested X server: what it reports, told without repeating it too often.
#pragma once

#include <optional>
#include <string>

#include "core/platform/linux/display/clipboard_reporter.h"
#include "core/platform/linux/display/repeats.h"

namespace belljar::linux_platform {

class XSide;

/// Programs that connect from now on are watched. False: the library in the server does not hear what is said to it.
[[nodiscard]] bool beginXWatch(int watch, const XSide& nested);

class XWatchReports {
public:
    XWatchReports(int watch, ClipboardReporter& reporter) : m_watch(watch), m_reporter(reporter) {}
    ~XWatchReports();
    XWatchReports(const XWatchReports&) = delete;
    XWatchReports& operator=(const XWatchReports&) = delete;

    /// Tells what has come, and what is due.
    void take();
    [[nodiscard]] std::optional<ClipboardReporter::Clock::time_point> deadline() const { return m_repeats.deadline(); }

private:
    struct Attempt {
        std::string way;
        bool refused = false;
        pid_t pid = 0;
        std::string program;
        auto operator<=>(const Attempt&) const = default;
    };
    void tell(const Attempt& attempt, std::uint32_t times);

    const int m_watch;
    ClipboardReporter& m_reporter;
    Repeats<Attempt> m_repeats;
};

}  // namespace belljar::linux_platform
