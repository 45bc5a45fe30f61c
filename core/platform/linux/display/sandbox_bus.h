// The launcher's end of a sandbox's message buses: starts xdg-dbus-proxy, whose sockets stand inside the sandbox.
#pragma once

#include <sys/types.h>

#include <vector>

#include "core/base/result.h"
#include "core/model/launch_plan.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// All methods belong to the supervisor's thread.
class SandboxBus {
public:
    SandboxBus() = default;
    ~SandboxBus() { end(); }
    SandboxBus(const SandboxBus&) = delete;
    SandboxBus& operator=(const SandboxBus&) = delete;

    /// `folder` is the sandbox's, for sockets (O_PATH). The proxy ends with the calling thread.
    Result<void> begin(const BusPlan& plan, UniqueFd folder);
    /// To be waited for until the proxy is ready; -1: nothing is to be heard.
    [[nodiscard]] int descriptor() const { return m_isReady ? -1 : m_ready.get(); }
    /// An error when the proxy has ended instead.
    Result<void> take();
    /// The files of its sockets (O_PATH), once it is ready.
    [[nodiscard]] std::vector<UniqueFd> socketObjects() { return std::move(m_objects); }
    void end();

private:
    BusPlan m_plan;
    UniqueFd m_folder;
    UniqueFd m_ready;  ///< The proxy ends when it is closed.
    std::vector<UniqueFd> m_objects;
    bool m_isReady = false;
    pid_t m_pid = -1;
};

}  // namespace belljar::linux_platform
