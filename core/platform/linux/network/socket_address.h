// Endpoints as the kernel's socket addresses, and back.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

#include "core/model/network_attempt.h"

namespace belljar::linux_platform {

[[nodiscard]] constexpr unsigned char familyOf(bool isIpv6)
{
    return isIpv6 ? AF_INET6 : AF_INET;
}

/// Of an address alone, in bytes.
[[nodiscard]] constexpr unsigned addressLength(bool isIpv6)
{
    return isIpv6 ? 16 : 4;
}

class SocketAddress {
public:
    SocketAddress() = default;
    explicit SocketAddress(const NetworkEndpoint& endpoint);

    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&m_storage); }  // NOLINT
    [[nodiscard]] sockaddr* room() { return reinterpret_cast<sockaddr*>(&m_storage); }                   // NOLINT
    [[nodiscard]] socklen_t length() const { return m_length; }
    /// Of the room, for calls that fill it.
    [[nodiscard]] socklen_t* lengthRoom() { return &m_length; }
    /// An endpoint of address zero for other families.
    [[nodiscard]] NetworkEndpoint endpoint() const;

private:
    sockaddr_storage m_storage{};
    socklen_t m_length = sizeof(sockaddr_storage);
};

/// "1.2.3.4:80" or "[::1]:80".
[[nodiscard]] std::string textOf(const NetworkEndpoint& endpoint);

}  // namespace belljar::linux_platform
