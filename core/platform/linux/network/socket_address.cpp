#include "core/platform/linux/network/socket_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "core/platform/linux/target_memory.h"

namespace belljar::linux_platform {

SocketAddress::SocketAddress(const NetworkEndpoint& endpoint)
{
    if (endpoint.isIpv6) {
        sockaddr_in6 made{};
        made.sin6_family = AF_INET6;
        made.sin6_port = ::htons(endpoint.port);
        std::memcpy(&made.sin6_addr, endpoint.address.data(), sizeof made.sin6_addr);
        std::memcpy(&m_storage, &made, sizeof made);
        m_length = sizeof made;
    } else {
        sockaddr_in made{};
        made.sin_family = AF_INET;
        made.sin_port = ::htons(endpoint.port);
        std::memcpy(&made.sin_addr, endpoint.address.data(), sizeof made.sin_addr);
        std::memcpy(&m_storage, &made, sizeof made);
        m_length = sizeof made;
    }
}

NetworkEndpoint SocketAddress::endpoint() const
{
    NetworkEndpoint read;
    if (m_storage.ss_family == AF_INET6) {
        sockaddr_in6 from{};
        std::memcpy(&from, &m_storage, sizeof from);
        read.isIpv6 = true;
        read.port = ::ntohs(from.sin6_port);
        std::memcpy(read.address.data(), &from.sin6_addr, sizeof from.sin6_addr);
    } else if (m_storage.ss_family == AF_INET) {
        sockaddr_in from{};
        std::memcpy(&from, &m_storage, sizeof from);
        read.port = ::ntohs(from.sin_port);
        std::memcpy(read.address.data(), &from.sin_addr, sizeof from.sin_addr);
    }
    return read;
}

std::string textOf(const NetworkEndpoint& endpoint)
{
    const SocketAddress address(endpoint);
    return describeAddress(address.get(), address.length());
}

}  // namespace belljar::linux_platform
