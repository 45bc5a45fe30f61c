// The launcher's end of a sandbox's display: starts belljar-display, hears what it reports, and ends it.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

#include "core/base/result.h"
#include "core/model/launch_plan.h"
#include "core/platform/linux/shim_message.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// All methods but setClipboard() belong to the supervisor's thread.
class SandboxDisplay {
public:
    explicit SandboxDisplay(DesktopListener listener) : m_listener(std::move(listener)) {}
    ~SandboxDisplay() { end(); }
    SandboxDisplay(const SandboxDisplay&) = delete;
    SandboxDisplay& operator=(const SandboxDisplay&) = delete;

    /// `offer` is kShimDisplay. The display ends with the calling thread.
    Result<void> begin(const DisplayPlan& plan, Received& offer);
    /// To be waited for; -1: nothing is to be heard.
    [[nodiscard]] int descriptor() const { return m_control.get(); }
    enum class News {
        none,
        ready,   ///< Programs can draw.
        failed,  ///< error() says why there is no display.
        ended,   ///< The display is gone: its window was closed, or it broke.
    };
    /// Takes one report.
    News take();
    [[nodiscard]] Error error() const;
    /// The file of the sandbox's socket (O_PATH), once; none before begin().
    [[nodiscard]] UniqueFd socketObject() { return std::move(m_object); }
    void end();

    /// From any thread. See SandboxProcess::setClipboard.
    Result<void> setClipboard(ClipboardRights rights);

private:
    Result<void> start(const DisplayPlan& plan, const int (&descriptors)[3]);
    News gone();

    const DesktopListener m_listener;
    UniqueFd m_control;
    UniqueFd m_object;
    pid_t m_pid = -1;
    std::string m_failure;

    std::mutex m_changing;  ///< One order at a time.
    std::mutex m_mutex;     ///< Guards what follows.
    std::condition_variable m_answered;
    UniqueFd m_orders;  ///< The same socket as m_control.
    std::uint32_t m_ordered = 0;
    std::uint32_t m_obeyed = 0;
};

}  // namespace belljar::linux_platform
