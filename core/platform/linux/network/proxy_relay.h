// A sandbox's filtered network where the kernel cannot hand packets to us: an HTTP proxy inside, on a thread of its
// own.
//
// The sandbox's network has its loopback and no route to anything else. As with NetworkRelay, the thread holds
// everything that leads out: when it is gone, nothing does.
#pragma once

#include <memory>
#include <mutex>
#include <thread>

#include "core/base/result.h"
#include "core/platform/linux/network/connect_proxy.h"

namespace belljar::linux_platform {

class ProxyRelay {
public:
    /// `sockets` are fresh ones of process 1; the netlink ones are not used.
    static Result<std::unique_ptr<ProxyRelay>> start(InsideSockets sockets, NetworkHooks hooks,
                                                     std::shared_ptr<FlowOwners> owners);
    /// Ends what is relayed, and tells it.
    ~ProxyRelay();
    ProxyRelay(const ProxyRelay&) = delete;
    ProxyRelay& operator=(const ProxyRelay&) = delete;

    /// As NetworkRelay::decideAgain().
    void decideAgain();

private:
    ProxyRelay(InsideSockets sockets, NetworkHooks hooks, std::shared_ptr<FlowOwners> owners);
    void run();
    bool runOnce();
    void bidFarewell();
    void askAgain();
    [[nodiscard]] bool holds() const { return m_proxy.holds() || m_names.holds(); }
    [[nodiscard]] int patienceMs() const;

    InsideSockets m_sockets;
    std::mutex m_work;  ///< Guards what is relayed.
    Poller m_poller;
    RelayJudge m_judge;
    NameResolver m_names;
    ConnectProxy m_proxy;
    Bell m_bell;
    std::chrono::steady_clock::time_point m_tidied = std::chrono::steady_clock::now();
    bool m_ends = false;  ///< Guarded by m_work.
    std::thread m_thread;
};

}  // namespace belljar::linux_platform
