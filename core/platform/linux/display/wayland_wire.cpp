#include "core/platform/linux/display/wayland_wire.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kHeader = 8;
constexpr std::size_t kWord = 4;
/// Of one sendmsg, as libwayland has it.
constexpr std::size_t kMostFiles = 28;
/// That came and belong to no message yet.
constexpr std::size_t kMostFilesKept = 4 * kMostFiles;

std::size_t padded(std::size_t length)
{
    return (length + kWord - 1) / kWord * kWord;
}

std::uint32_t wordAt(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

void appendWord(std::string& bytes, std::uint32_t value)
{
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);  // NOLINT: plain bytes
}

}  // namespace

std::uint32_t WaylandPacket::word(std::size_t index) const
{
    return wordAt(bytes, index * kWord);
}

void WaylandWire::askForSender()
{
    const int yes = 1;
    ::setsockopt(m_socket.get(), SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes);
}

bool WaylandWire::receive()
{
    std::array<char, kLongestWaylandMessage> part;  // NOLINT: not cleared for each read
    alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostFiles * sizeof(int)) + CMSG_SPACE(sizeof(ucred))> control{};
    iovec data{part.data(), part.size()};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t length = ::recvmsg(m_socket.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (length < 0) return errno == EAGAIN || errno == EINTR;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS) {
            ucred sender{};
            std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
            m_sender = sender.pid != ::getppid() ? sender.pid : 0;
        }
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int file = -1;
            std::memcpy(&file, CMSG_DATA(header) + i * sizeof file, sizeof file);
            m_files.emplace_back(file);
        }
    }
    if (length == 0 || (message.msg_flags & MSG_CTRUNC) != 0 || m_files.size() > kMostFilesKept) return false;
    m_received.erase(0, std::exchange(m_read, 0));
    m_received.append(part.data(), static_cast<std::size_t>(length));
    return true;
}

std::optional<WaylandPacket> WaylandWire::next()
{
    const std::string_view rest = std::string_view(m_received).substr(m_read);
    if (rest.size() < kHeader) return std::nullopt;
    const std::size_t size = wordAt(rest, kWord) >> 16U;
    // A size that cannot be is an empty message, which fits no form.
    if (size < kHeader || size % kWord != 0 || size > kLongestWaylandMessage)
        return WaylandPacket{std::string(kHeader, '\0'), {}};
    if (rest.size() < size) return std::nullopt;
    m_read += size;
    return WaylandPacket{std::string(rest.substr(0, size)), {}};
}

bool WaylandWire::takeFiles(std::size_t count, std::vector<UniqueFd>& into)
{
    if (m_files.size() < count) return false;
    for (; count > 0; --count) {
        into.push_back(std::move(m_files.front()));
        m_files.pop_front();
    }
    return true;
}

void WaylandWire::queue(WaylandPacket packet)
{
    m_unsentBytes += packet.bytes.size();
    // Descriptors go with the first byte, so what has none may follow in the same call.
    if (!m_unsent.empty() && packet.files.empty()) m_unsent.back().bytes += packet.bytes;
    else m_unsent.push_back(std::move(packet));
}

bool WaylandWire::flush()
{
    while (!m_unsent.empty()) {
        WaylandPacket& packet = m_unsent.front();
        iovec data{packet.bytes.data() + m_sent, packet.bytes.size() - m_sent};
        msghdr message{};
        message.msg_iov = &data;
        message.msg_iovlen = 1;
        alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostFiles * sizeof(int))> control{};
        if (!packet.files.empty()) {
            const std::size_t bytes = packet.files.size() * sizeof(int);
            message.msg_control = control.data();
            message.msg_controllen = CMSG_SPACE(bytes);
            cmsghdr* header = CMSG_FIRSTHDR(&message);
            header->cmsg_level = SOL_SOCKET;
            header->cmsg_type = SCM_RIGHTS;
            header->cmsg_len = CMSG_LEN(bytes);
            for (std::size_t i = 0; i < packet.files.size(); ++i) {
                const int file = packet.files[i].get();
                std::memcpy(CMSG_DATA(header) + i * sizeof file, &file, sizeof file);
            }
        }
        const ssize_t length = ::sendmsg(m_socket.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (length < 0) return errno == EAGAIN || errno == EINTR;
        packet.files.clear();  // they went with the first byte
        m_sent += static_cast<std::size_t>(length);
        if (m_sent < packet.bytes.size()) continue;
        m_unsentBytes -= packet.bytes.size();
        m_unsent.pop_front();
        m_sent = 0;
    }
    return true;
}

WaylandWriter::WaylandWriter(std::uint32_t object, std::uint32_t opcode) : m_opcode(opcode)
{
    appendWord(m_bytes, object);
    appendWord(m_bytes, 0);
}

WaylandWriter& WaylandWriter::number(std::uint32_t value)
{
    appendWord(m_bytes, value);
    return *this;
}

WaylandWriter& WaylandWriter::text(std::string_view value)
{
    appendWord(m_bytes, static_cast<std::uint32_t>(value.size() + 1));
    m_bytes.append(value);
    m_bytes.append(padded(value.size() + 1) - value.size(), '\0');
    return *this;
}

WaylandPacket WaylandWriter::done()
{
    const std::uint32_t header = static_cast<std::uint32_t>(m_bytes.size()) << 16U | m_opcode;
    std::memcpy(m_bytes.data() + kWord, &header, sizeof header);
    return {std::move(m_bytes), {}};
}

WaylandReader::WaylandReader(const WaylandPacket& packet, const WaylandMessage& message) : m_packet(packet)
{
    std::size_t at = kHeader;
    std::string_view interfaces = message.interfaces;
    for (const char letter : message.form) {
        const bool mayBeNothing = letter < 'a';
        const char kind = mayBeNothing ? static_cast<char>(letter + 32) : letter;
        if (kind == 'h') {
            ++m_files;
            m_values.push_back(0);
            continue;
        }
        if (at + kWord > packet.bytes.size()) return;
        if (kind == 's' || kind == 'a') {
            if (!(kind == 's' ? takeText(at, mayBeNothing) : takeArray(at))) return;
            continue;
        }
        m_values.push_back(wordAt(packet.bytes, at));
        at += kWord;
        if (kind != 'o' && kind != 'n') continue;
        const std::size_t end = interfaces.find(',');
        if (m_values.back() == 0 && !mayBeNothing) return;
        if (m_values.back() != 0) m_references.push_back({m_values.back(), interfaces.substr(0, end), kind == 'n'});
        interfaces.remove_prefix(end == std::string_view::npos ? interfaces.size() : end + 1);
    }
    m_sound = at == packet.bytes.size();
}

bool WaylandReader::takeText(std::size_t& at, bool mayBeNothing)
{
    const std::size_t length = wordAt(m_packet.bytes, at);
    const std::size_t begin = at + kWord;
    m_values.push_back(static_cast<std::uint32_t>(at));
    at = begin;
    if (length == 0) return mayBeNothing;
    if (length > kLongestWaylandMessage || begin + padded(length) > m_packet.bytes.size()) return false;
    at = begin + padded(length);
    // One end, which is the last byte.
    return m_packet.bytes.find('\0', begin) == begin + length - 1;
}

bool WaylandReader::takeArray(std::size_t& at)
{
    const std::size_t length = wordAt(m_packet.bytes, at);
    m_values.push_back(static_cast<std::uint32_t>(at));
    at += kWord;
    if (length > kLongestWaylandMessage || at + padded(length) > m_packet.bytes.size()) return false;
    at += padded(length);
    return true;
}

std::string_view WaylandReader::text(std::size_t value) const
{
    const std::size_t at = m_values[value];
    const std::size_t length = wordAt(m_packet.bytes, at);
    return length == 0 ? std::string_view() : std::string_view(m_packet.bytes).substr(at + kWord, length - 1);
}

}  // namespace belljar::linux_platform
