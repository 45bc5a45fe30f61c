// A wire from a sandbox's network to the host's own, along which the kernel itself forwards TCP connections that the
// relay has allowed (a veth pair, and rules for the host's packet filter).
//
// Needs root's power over the host's network, and a host that forwards: answers come by its uplink, whose interface has
// to hand them on. None of the host's switches is touched. Nothing of the wire outlives who has laid it: the kernel
// takes the pair away with the sandbox's network, and the rules with the socket that made them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "core/base/result.h"
#include "core/model/network_attempt.h"
#include "core/platform/linux/network/inside_network.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// Of packets that leave the sandbox by the wire.
inline constexpr std::uint32_t kWireMark = 0x426a0020;

/// The sandbox's end.
class WireEnd {
public:
    /// Its interface's name in the sandbox.
    static constexpr const char* kInside = "wire";
    /// Wires of a host are numbered from 0; addresses and names follow from the number.
    static constexpr unsigned kMost = 16384;

    WireEnd(unsigned number, bool carries4, bool carries6) : m_number(number), m_carries{carries4, carries6} {}
    [[nodiscard]] bool carries(bool isIpv6) const { return m_carries[isIpv6 ? 1 : 0]; }
    /// "bj7"
    [[nodiscard]] std::string hostName() const;
    [[nodiscard]] NetworkEndpoint own(bool isIpv6) const { return address(isIpv6, 2); }
    [[nodiscard]] NetworkEndpoint gate(bool isIpv6) const { return address(isIpv6, 1); }
    [[nodiscard]] static constexpr unsigned char prefix(bool isIpv6) { return isIpv6 ? 126 : 30; }
    /// Of the host's end, or the sandbox's.
    struct Hardware {
        std::uint8_t bytes[6];
    };
    [[nodiscard]] Hardware hardware(bool isHosts) const;

private:
    [[nodiscard]] NetworkEndpoint address(bool isIpv6, unsigned end) const;

    unsigned m_number;
    bool m_carries[2];
};

class Wire {
public:
    /// Between the host and the network of these sockets; the sandbox's end has no addresses yet (setUpInside).
    static Result<std::unique_ptr<Wire>> lay(const InsideSockets& sockets);
    /// Takes the host's rules away.
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    [[nodiscard]] const WireEnd& end() const { return m_end; }
    /// Two sockets of the sandbox's network, for questions about its sockets and for news of them (socket_diag.h).
    [[nodiscard]] UniqueFd takeQuestions() { return std::move(m_questions); }
    [[nodiscard]] UniqueFd takeNews() { return std::move(m_news); }

private:
    explicit Wire(WireEnd end) : m_end(end) {}

    WireEnd m_end;
    UniqueFd m_filter;  ///< Owns the host's rules.
    UniqueFd m_questions;
    UniqueFd m_news;
};

/// Gives the sandbox's end its addresses and makes it the way of what is marked so. 0 or an errno.
[[nodiscard]] int configureWire(const InsideSockets& sockets, const WireEnd& wire);

}  // namespace belljar::linux_platform
