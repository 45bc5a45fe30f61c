// The launcher's end of one message bus of a sandbox: starts xdg-dbus-proxy, whose socket stands inside the sandbox,
// and hears which calls it passes on and refuses.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <thread>

#include "core/base/result.h"
#include "core/model/launch_plan.h"
#include "core/platform/linux/display/bus_log.h"
#include "core/platform/linux/display/repeats.h"
#include "core/platform/linux/display/report_limit.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// All methods belong to the supervisor's thread.
class SandboxBus {
public:
    /// `listener`, which may be none, is called from a thread of the bus's own.
    explicit SandboxBus(const DesktopListener& listener) : m_listener(listener) {}
    ~SandboxBus() { end(); }
    SandboxBus(const SandboxBus&) = delete;
    SandboxBus& operator=(const SandboxBus&) = delete;

    /// `folder` is the sandbox's, for sockets (O_PATH). The proxy ends with the calling thread.
    Result<void> begin(const BusPlan& plan, const FilteredBus& bus, UniqueFd folder);
    /// To be waited for until the proxy is ready; -1: nothing is to be heard.
    [[nodiscard]] int descriptor() const { return m_isReady ? -1 : m_ready.get(); }
    /// An error when the proxy has ended instead.
    Result<void> take();
    /// The file of its socket (O_PATH), once it is ready.
    [[nodiscard]] UniqueFd socketObject() { return std::move(m_object); }
    void end();

private:
    void hear();
    void tell(const BusCall& call, std::uint32_t times);
    void report(const BusCall& call, std::uint32_t times);

    const DesktopListener& m_listener;
    std::string m_socket;  ///< In the folder: "session-bus" or "system-bus".
    std::string m_name;    ///< "session" or "system"
    UniqueFd m_folder;
    UniqueFd m_ready;  ///< The proxy ends when it is closed.
    UniqueFd m_object;
    bool m_isReady = false;
    pid_t m_pid = -1;

    // Of the thread that hears.
    UniqueFd m_said;
    Repeats<BusCall> m_repeats;
    ReportLimit m_limit;
    std::optional<BusCall> m_leftOut;  ///< The last of them.
    std::thread m_hearing;
};

}  // namespace belljar::linux_platform
