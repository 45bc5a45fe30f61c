// What belljar-display tells the launcher of clipboards and input: few enough reports that a program which asks without
// end fills nothing.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "core/platform/linux/display/display_protocol.h"
#include "core/platform/linux/display/report_limit.h"

namespace belljar::linux_platform {

class ClipboardReporter {
public:
    using Clock = ReportLimit::Clock;
    using Sink = std::function<void(const DisplayReport&)>;

    explicit ClipboardReporter(Sink sink) : m_sink(std::move(sink)) {}

    struct Transfer {
        bool isWrite = false;
        std::string selection;
        std::string type;
        int error = 0;  ///< errno; EACCES: refused by the policy.
        std::uint64_t bytes = 0;
        pid_t pid = 0;  ///< Of the program inside, where it is known for sure.
    };
    /// `program` is asked only where the report is made, for to ask may cost something.
    void tell(const Transfer& transfer, const std::function<std::string()>& program);
    struct Injection {
        std::string way;  ///< By which interface or request somebody tried to make input.
        int error = 0;    ///< errno; EACCES: refused by the policy.
        pid_t pid = 0;
        std::uint32_t times = 1;
    };
    void tellInjection(const Injection& injection, const std::function<std::string()>& program);

private:
    void send(DisplayReport& report, const std::function<std::string()>& program);

    const Sink m_sink;
    ReportLimit m_limit;
};

}  // namespace belljar::linux_platform
