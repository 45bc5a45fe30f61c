// What of the desktop a sandbox has, seen by its supervisor: a display and message buses, which are there before the
// program starts and end with it.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/platform/linux/display/sandbox_bus.h"
#include "core/platform/linux/display/sandbox_display.h"

namespace belljar::linux_platform {

/// All methods but setClipboard() belong to the supervisor's thread.
class SandboxDesktop {
public:
    /// `listener` must outlive it.
    explicit SandboxDesktop(const DesktopListener& listener)
        : m_display(listener), m_buses{SandboxBus(listener), SandboxBus(listener)}
    {
    }

    /// How many things the program's start waits for: so often take() says `ready`.
    [[nodiscard]] static int awaited(const LaunchPlan& plan)
    {
        return (plan.display.on() ? 1 : 0) + static_cast<int>(plan.buses.filtered.size());
    }
    /// kShimDisplay or kShimFolder.
    Result<void> begin(const LaunchPlan& plan, Received& offer);
    static constexpr std::size_t kSources = 3;
    /// To be waited for; -1: nothing is to be heard from there.
    [[nodiscard]] std::array<int, kSources> descriptors() const
    {
        return {m_display.descriptor(), m_buses[0].descriptor(), m_buses[1].descriptor()};
    }
    struct News {
        bool ready = false;           ///< One of the things is there.
        bool ended = false;           ///< The display is gone: its window was closed, or it broke.
        std::optional<Error> failed;  ///< Why one cannot be there; also for what ended before it was.
    };
    /// From that source.
    News take(std::size_t source);
    /// Files of the sandbox's sockets (O_PATH), once.
    [[nodiscard]] std::vector<UniqueFd> socketObjects();
    void end();

    /// From any thread. See SandboxProcess::setClipboard.
    Result<void> setClipboard(ClipboardRights rights) { return m_display.setClipboard(rights); }

private:
    SandboxDisplay m_display;
    std::array<SandboxBus, kSources - 1> m_buses;
};

}  // namespace belljar::linux_platform
