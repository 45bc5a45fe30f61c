// The HTTP proxy of a sandbox whose kernel cannot hand packets to the relay: it listens at the sandbox's own loopback,
// looks names up, asks for each address, and dials from the host.
//
// Nothing else leads out of such a sandbox, so a program that does not ask the proxy is refused by the kernel at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/platform/linux/network/connect_doors.h"
#include "core/platform/linux/network/connect_flows.h"
#include "core/platform/linux/network/connect_visitor.h"
#include "core/platform/linux/network/name_resolver.h"
#include "core/platform/linux/network/poller.h"
#include "core/platform/linux/network/relay_judge.h"
#include "core/platform/linux/network/stream_sockets.h"

namespace belljar::linux_platform {

/// Lives on the relay's thread.
class ConnectProxy {
public:
    /// All must outlive it; `sockets` are fresh ones.
    ConnectProxy(const InsideSockets& sockets, Poller& poller, RelayJudge& judge, NameResolver& names);
    ~ConnectProxy();
    ConnectProxy(const ConnectProxy&) = delete;
    ConnectProxy& operator=(const ConnectProxy&) = delete;

    /// Listens, at kOwnProxyPort of 127.0.0.1 and, where there is IPv6, of ::1.
    Result<void> open() { return m_doors.open(); }
    /// The rest is as in TcpRelay.
    void decideAgain();
    void askAgain();
    [[nodiscard]] bool holds() const { return !m_held.empty(); }
    void tidy(std::chrono::steady_clock::time_point now);
    void leave() { m_flows.leave(); }
    [[nodiscard]] bool hasFlows() const { return m_flows.count() != 0; }
    void end();
    [[nodiscard]] bool isIdle() const { return m_visitors.empty() && m_flows.isIdle(); }

private:
    using Clock = std::chrono::steady_clock;
    using Visitor = ConnectVisitor;

    void onVisitor(int listener);
    void onInside(std::uint64_t number);
    void read(Visitor& visitor);
    /// Its request is there.
    void serve(Visitor& visitor);
    void lookUp(Visitor& visitor);
    void onAddresses(std::uint64_t number, const std::string& message, bool isIpv6);
    /// One address after the other, until one takes us.
    void go(Visitor& visitor);
    /// False: that address is none for it, or not now.
    bool tryAddress(Visitor& visitor, const NetworkEndpoint& peer);
    void onDialled(std::uint64_t number);
    void carry(Visitor& visitor);

    /// No address took us: says why.
    void giveUp(Visitor& visitor);
    void refuse(Visitor& visitor, const NetworkDecision& decision, const std::string& what);
    /// Answers with an error, and goes when that has been read.
    void answer(Visitor& visitor, int status, const std::string& why);
    void dismiss(std::uint64_t number);
    void tellFailure(const Visitor& visitor);
    void makeRoom();

    Poller& m_poller;
    RelayJudge& m_judge;
    NameResolver& m_names;
    ConnectDoors m_doors;
    ConnectFlows m_flows;
    const std::size_t m_most;
    DescriptorReserve m_reserve;
    std::vector<char> m_room;
    std::uint64_t m_last = 0;           ///< Number given to a visitor.
    std::vector<std::uint64_t> m_held;  ///< Visitors that wait for an answer.
    std::unordered_map<std::uint64_t, std::unique_ptr<Visitor>> m_visitors;
};

}  // namespace belljar::linux_platform
