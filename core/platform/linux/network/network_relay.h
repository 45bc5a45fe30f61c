// A sandbox's filtered network: set up, relayed and ended, on a thread of its own.
//
// The thread holds everything that leads out. When it is gone, nothing does. Whoever performs a sandboxee's call may do
// the thread's work for a moment: see FlowOwners.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "core/base/result.h"
#include "core/model/launch_plan.h"
#include "core/platform/linux/network/ingress.h"
#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/relay_judge.h"
#include "core/platform/linux/network/tcp_relay.h"
#include "core/platform/linux/network/udp_relay.h"

namespace belljar::linux_platform {

class NetworkRelay {
public:
    /// Sets the sandbox's network up and begins to relay; `sockets` are fresh ones of process 1.
    static Result<std::unique_ptr<NetworkRelay>> start(InsideSockets sockets, NetworkHooks hooks,
                                                       std::shared_ptr<FlowOwners> owners, const LaunchPlan& plan);
    /// Ends what is relayed, and tells it.
    ~NetworkRelay();
    NetworkRelay(const NetworkRelay&) = delete;
    NetworkRelay& operator=(const NetworkRelay&) = delete;

    /// The rules have changed: when it returns, nothing goes on that they refuse. From any other thread.
    void decideAgain();

private:
    NetworkRelay(InsideSockets sockets, NetworkHooks hooks, std::shared_ptr<FlowOwners> owners,
                 std::uint16_t proxyPort);
    void run();
    bool runOnce();
    void bidFarewell();
    void attend();
    void wake();
    void onWish();
    class Wishes;

    InsideSockets m_sockets;
    const std::shared_ptr<FlowOwners> m_owners;
    std::mutex m_work;  ///< Guards what is relayed; taken before m_mutex.
    Poller m_poller;
    RelayJudge m_judge;
    TcpRelay m_tcp;
    UdpRelay m_udp;
    Ingress m_ingress;
    UniqueFd m_wake;
    std::unique_ptr<Wishes> m_wishes;
    std::chrono::steady_clock::time_point m_tidied = std::chrono::steady_clock::now();

    std::mutex m_mutex;  ///< Guards the rest.
    std::condition_variable m_done;
    bool m_ends = false;
    std::uint64_t m_asked = 0;     ///< How often decideAgain() was called,
    std::uint64_t m_answered = 0;  ///< and which of these calls has been done.
    std::thread m_thread;
};

}  // namespace belljar::linux_platform
