#include "core/platform/linux/network/dns_stream.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kLengthBytes = 2;
/// One message and its length, and as much again for what was sent behind it.
constexpr std::size_t kMostHeld = 2 * (65535 + kLengthBytes);

}  // namespace

void DnsStream::put(std::string_view message)
{
    m_out += static_cast<char>(message.size() >> 8U & 0xffU);
    m_out += static_cast<char>(message.size() & 0xffU);
    m_out += message;
}

int DnsStream::send(int socket)
{
    while (!m_out.empty()) {
        const ssize_t count = ::send(socket, m_out.data(), m_out.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        // A connection that is being made says the latter two.
        if (count < 0 && (errno == EAGAIN || errno == ENOTCONN || errno == EALREADY))
            return m_out.size() > kMostHeld ? ENOBUFS : 0;
        if (count < 0) return errno;
        m_out.erase(0, static_cast<std::size_t>(count));
    }
    return 0;
}

int DnsStream::read(int socket)
{
    std::array<char, 4096> room;  // NOLINT: needs no values
    while (m_in.size() < kMostHeld) {
        const ssize_t count = ::recv(socket, room.data(), room.size(), MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == ENOTCONN)) return 0;
        if (count <= 0) return count < 0 ? errno : ECONNRESET;
        m_in.append(room.data(), static_cast<std::size_t>(count));
    }
    return 0;
}

int DnsStream::advance(int socket)
{
    const int sent = send(socket);
    const int got = read(socket);
    return sent != 0 ? sent : got;
}

std::optional<std::string> DnsStream::take()
{
    if (m_in.size() < kLengthBytes) return std::nullopt;
    const std::size_t length =
        static_cast<std::size_t>(static_cast<std::uint8_t>(m_in[0])) << 8U | static_cast<std::uint8_t>(m_in[1]);
    if (m_in.size() - kLengthBytes < length) return std::nullopt;
    std::string message = m_in.substr(kLengthBytes, length);
    m_in.erase(0, kLengthBytes + length);
    return message;
}

std::uint32_t DnsStream::awaited() const
{
    return m_out.empty() ? 0U : std::uint32_t{EPOLLOUT};
}

}  // namespace belljar::linux_platform
