#include "core/platform/linux/monitord/packet_socket.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kMostDescriptors = 8;

union ControlRoom {
    cmsghdr aligned;
    std::array<char, CMSG_SPACE(sizeof(int) * kMostDescriptors)> bytes;
};

void takeDescriptors(msghdr& header, std::vector<UniqueFd>& descriptors)
{
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
            descriptors.emplace_back(fd);
        }
    }
}

}  // namespace

ReceivedPacket receivePacket(int socket, std::span<std::byte> room, std::size_t mostDescriptors)
{
    ControlRoom control{};
    iovec data{room.data(), room.size()};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = control.bytes.data();
    header.msg_controllen = CMSG_SPACE(sizeof(int) * std::min(mostDescriptors, kMostDescriptors));
    ssize_t length = 0;
    // Who closes without having read all that we sent resets the connection, which is told once and before its last
    // words.
    do length = ::recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC | MSG_TRUNC);
    while (length < 0 && (errno == EINTR || errno == ECONNRESET));
    ReceivedPacket received;
    if (length < 0) {
        received.state = errno == EAGAIN ? ReceivedPacket::State::none : ReceivedPacket::State::ended;
        return received;
    }
    takeDescriptors(header, received.descriptors);
    received.cut = (header.msg_flags & MSG_CTRUNC) != 0 || received.descriptors.size() > mostDescriptors;
    // An empty packet looks like the end; nobody who speaks this protocol sends one.
    if (length == 0) return received;
    received.state = ReceivedPacket::State::packet;
    received.length = static_cast<std::size_t>(length);
    return received;
}

bool sendPacket(int socket, std::span<const std::byte> bytes, std::span<const int> descriptors)
{
    if (descriptors.size() > kMostDescriptors) return false;
    ControlRoom control{};
    iovec data{const_cast<std::byte*>(bytes.data()), bytes.size()};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    if (!descriptors.empty()) {
        header.msg_control = control.bytes.data();
        header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* part = CMSG_FIRSTHDR(&header);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(part), descriptors.data(), descriptors.size_bytes());
    }
    ssize_t sent = 0;
    do sent = ::sendmsg(socket, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == static_cast<ssize_t>(bytes.size());
}

}  // namespace belljar::linux_platform
