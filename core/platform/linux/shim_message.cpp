#include "core/platform/linux/shim_message.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace belljar::linux_platform {

std::optional<Received> receive(int socket)
{
    Received got;
    iovec part{&got.message, sizeof got.message};
    alignas(cmsghdr) std::array<char, 256> room{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = room.data();
    header.msg_controllen = room.size();
    ssize_t length = 0;
    do {
        length = ::recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        // A shim that ended without reading our byte leaves this error, told once and before its own last words.
    } while (length < 0 && (errno == ECONNRESET || errno == EINTR));
    if (length != static_cast<ssize_t>(sizeof got.message)) return std::nullopt;
    for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr; item = CMSG_NXTHDR(&header, item)) {
        if (item->cmsg_level != SOL_SOCKET) continue;
        if (item->cmsg_type == SCM_CREDENTIALS) {
            ucred who{};
            std::memcpy(&who, CMSG_DATA(item), sizeof who);
            got.sender = who.pid;
        } else if (item->cmsg_type == SCM_RIGHTS) {
            const std::size_t count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (std::size_t i = 0; i < count; ++i) {
                int file = -1;
                std::memcpy(&file, CMSG_DATA(item) + i * sizeof file, sizeof file);
                got.files.emplace_back(file);
            }
        }
    }
    return got;
}

}  // namespace belljar::linux_platform
