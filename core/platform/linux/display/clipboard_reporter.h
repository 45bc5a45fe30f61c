// What a broker of clipboards tells the launcher: few enough reports that a program which asks without end fills
// nothing.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "core/platform/linux/display/display_protocol.h"

namespace belljar::linux_platform {

class ClipboardReporter {
public:
    using Clock = std::chrono::steady_clock;
    using Sink = std::function<void(const DisplayReport&)>;

    explicit ClipboardReporter(Sink sink);

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
    /// Somebody tried to make input by that interface.
    void tellInjection(const std::string& interface, pid_t pid, const std::function<std::string()>& program);

private:
    [[nodiscard]] bool mayReport();
    void send(DisplayReport& report, const std::function<std::string()>& program);

    const Sink m_sink;
    double m_left;
    Clock::time_point m_refilledAt;
    std::uint32_t m_merged = 0;
};

}  // namespace belljar::linux_platform
