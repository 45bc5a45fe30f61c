#include "core/platform/linux/network/netlink.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace belljar::linux_platform {
namespace {

/// Acknowledgements come from within the sending call; anything else is a kernel that does not answer.
constexpr int kPatienceMs = 2000;

template <typename Struct>
Struct readAt(const char* from)
{
    Struct value{};
    std::memcpy(&value, from, sizeof value);
    return value;
}

}  // namespace

void NetlinkMessages::pad()
{
    m_bytes.resize(NLMSG_ALIGN(m_bytes.size()), '\0');
    // Each part makes the message longer.
    const auto length = static_cast<std::uint32_t>(m_bytes.size() - m_message);
    std::memcpy(&m_bytes[m_message], &length, sizeof length);
}

void NetlinkMessages::begin(unsigned type, unsigned flags)
{
    m_message = m_bytes.size();
    nlmsghdr header{};
    header.nlmsg_type = static_cast<std::uint16_t>(type);
    header.nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST);
    header.nlmsg_seq = ++m_number;
    if ((flags & NLM_F_ACK) != 0) ++m_awaited;
    fixed(header);
}

void NetlinkMessages::fixed(const void* bytes, std::size_t length)
{
    m_bytes.append(static_cast<const char*>(bytes), length);
    pad();
}

void NetlinkMessages::attribute(unsigned type, const void* bytes, std::size_t length)
{
    const nlattr header{static_cast<std::uint16_t>(NLA_HDRLEN + length), static_cast<std::uint16_t>(type)};
    m_bytes.append(reinterpret_cast<const char*>(&header), sizeof header);  // NOLINT: plain bytes
    m_bytes.append(static_cast<const char*>(bytes), length);
    pad();
}

void NetlinkMessages::text(unsigned type, const char* value)
{
    attribute(type, value, std::strlen(value) + 1);
}

void NetlinkMessages::number32(unsigned type, std::uint32_t value)
{
    const std::uint32_t swapped = ::htonl(value);
    attribute(type, &swapped, sizeof swapped);
}

void NetlinkMessages::number8(unsigned type, std::uint8_t value)
{
    attribute(type, &value, sizeof value);
}

std::size_t NetlinkMessages::open(unsigned type)
{
    const std::size_t at = m_bytes.size();
    const nlattr header{NLA_HDRLEN, static_cast<std::uint16_t>(type | NLA_F_NESTED)};
    fixed(header);
    return at;
}

void NetlinkMessages::close(std::size_t opened)
{
    const auto length = static_cast<std::uint16_t>(m_bytes.size() - opened);
    std::memcpy(&m_bytes[opened], &length, sizeof length);
}

int exchange(int socket, const NetlinkMessages& messages)
{
    sockaddr_nl kernel{};
    kernel.nl_family = AF_NETLINK;
    const std::string& bytes = messages.bytes();
    if (::sendto(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&kernel),  // NOLINT
                 sizeof kernel) < 0)
        return errno;
    alignas(nlmsghdr) std::array<char, 16384> room;  // NOLINT: needs no values
    int failure = 0;
    for (unsigned answered = 0; answered < messages.awaited();) {
        pollfd wait{socket, POLLIN, 0};
        const int ready = ::poll(&wait, 1, kPatienceMs);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return failure != 0 ? failure : ETIMEDOUT;
        const ssize_t length = ::recv(socket, room.data(), room.size(), 0);
        if (length < 0) return errno;
        std::size_t left = static_cast<std::size_t>(length);
        for (std::size_t at = 0; left >= sizeof(nlmsghdr);) {
            const auto header = readAt<nlmsghdr>(&room[at]);
            if (header.nlmsg_len < sizeof header || header.nlmsg_len > left) return EPROTO;
            if (header.nlmsg_type == NLMSG_ERROR) {
                ++answered;
                const auto answer = readAt<nlmsgerr>(&room[at + sizeof header]);
                if (answer.error != 0 && failure == 0) failure = -answer.error;
            }
            const std::size_t step = std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), left);
            at += step;
            left -= step;
        }
        if (failure == 0) continue;
        // What else is said about it must not be taken for the next answer.
        while (::recv(socket, room.data(), room.size(), MSG_DONTWAIT) > 0) {}
        return failure;
    }
    return 0;
}

}  // namespace belljar::linux_platform
