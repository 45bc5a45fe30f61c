// What belljar-monitord needs of the programs in the kernel; tests have one of their own that needs no kernel.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/model/launch_plan.h"
#include "core/platform/linux/monitord/protocol.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::monitord {

/// Numbers by which the kernel knows maps; never used again while it runs. 0: none.
using MapNumbers = std::array<std::uint32_t, linux_platform::kMonitorDescriptors>;

/// The maps of one session. Closing them does not end it.
struct SessionMaps {
    std::array<UniqueFd, linux_platform::kMonitorDescriptors>
        descriptors;  ///< In the protocol's order; the last may be none.
    MapNumbers numbers{};
    std::uint32_t ringBytes = 0;
};

/// Loaded programs. Used by the listener and, after fork(), by the workers: holds no locks and no threads, and needs
/// CAP_BPF at most.
class SessionMaker {
public:
    virtual ~SessionMaker() = default;
    SessionMaker(const SessionMaker&) = delete;
    SessionMaker& operator=(const SessionMaker&) = delete;

    /// Which programs run, as MonitorReply says it.
    [[nodiscard]] virtual std::uint32_t programs() const = 0;
    /// Why not more of them do; goes along with programs().
    [[nodiscard]] virtual std::string whyNotMore() const = 0;

    /// Makes what the slot's next session needs. Takes tens of milliseconds, and keeps nobody else waiting.
    [[nodiscard]] virtual Result<SessionMaps> prepare(unsigned slot) = 0;

    /// Begins to watch the pid namespace with this inode number, which the caller keeps alive until end(), in a slot
    /// that is prepared. The error's code is alreadyStarted when it is watched already.
    [[nodiscard]] virtual Result<void> begin(unsigned slot, std::uint32_t namespaceNumber, TraceLevel level) = 0;

    /// Takes everything of the slot's session out of the programs' tables; nothing happens when it has none. Takes as
    /// long as prepare().
    virtual void end(unsigned slot) = 0;

    /// Whether somebody, in whatever process, still holds one of these maps.
    [[nodiscard]] virtual bool anyHeld(std::span<const MapNumbers> sets, std::span<bool> held) = 0;

protected:
    SessionMaker() = default;
};

}  // namespace belljar::monitord
