#include "core/platform/linux/target_memory.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/base/path_text.h"
#include "core/base/visible.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kPage = 4096;

std::string readLinkText(const char* path)
{
    std::array<char, 4096> text{};
    const ssize_t length = ::readlink(path, text.data(), text.size());
    return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : std::string();
}

int openInside(int root, const std::string& path, bool followLast)
{
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC | (followLast ? 0U : static_cast<unsigned>(O_NOFOLLOW));
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    return static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how));
}

std::string pathOfDescriptor(int fd)
{
    char link[40];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return readLinkText(link);
}

}  // namespace

bool readMemory(std::int32_t tid, std::uint64_t address, void* into, std::size_t length)
{
    const iovec local{into, length};
    const iovec remote{reinterpret_cast<void*>(address), length};  // NOLINT: an address in another process
    return ::process_vm_readv(tid, &local, 1, &remote, 1, 0) == static_cast<ssize_t>(length);
}

std::optional<std::string> readString(std::int32_t tid, std::uint64_t address, std::size_t limit)
{
    std::string text;
    std::array<char, kPage> part{};
    while (text.size() < limit) {
        // Up to the end of the page: the next one may not be mapped.
        const std::size_t length = std::min(limit - text.size(), kPage - static_cast<std::size_t>(address % kPage));
        if (!readMemory(tid, address, part.data(), length)) return std::nullopt;
        const char* end = static_cast<const char*>(std::memchr(part.data(), 0, length));
        text.append(part.data(), end != nullptr ? static_cast<std::size_t>(end - part.data()) : length);
        if (end != nullptr) return text;
        address += length;
    }
    return text;
}

std::string readArgumentList(std::int32_t tid, std::uint64_t address)
{
    constexpr std::size_t kMostArguments = 64;
    constexpr std::size_t kMostBytes = 8192;
    std::string list = "[";
    for (std::size_t i = 0;; ++i) {
        std::uint64_t pointer = 0;
        if (!readMemory(tid, address + i * sizeof pointer, &pointer, sizeof pointer) || pointer == 0) break;
        if (i > 0) list += ',';
        if (i == kMostArguments || list.size() > kMostBytes) {
            list += "\"…\"";
            break;
        }
        const std::optional<std::string> argument = readString(tid, pointer, kMostBytes);
        if (!argument) break;
        list += jsonQuote(*argument);
    }
    return list + "]";
}

std::string describeAddress(const void* bytes, std::size_t length)
{
    sa_family_t family = 0;
    if (length < sizeof family) return {};
    std::memcpy(&family, bytes, sizeof family);
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (family == AF_INET && length >= sizeof(sockaddr_in)) {
        sockaddr_in address{};
        std::memcpy(&address, bytes, sizeof address);
        ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
        return std::string(text.data()) + ":" + std::to_string(ntohs(address.sin_port));
    }
    constexpr std::size_t kShortestV6 = 24;  // without sin6_scope_id, as the kernel accepts
    if (family == AF_INET6 && length >= kShortestV6) {
        sockaddr_in6 address{};
        std::memcpy(&address, bytes, std::min(length, sizeof address));
        ::inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
        return "[" + std::string(text.data()) + "]:" + std::to_string(ntohs(address.sin6_port));
    }
    if (family == AF_UNIX && length > sizeof family) {
        const std::string name(static_cast<const char*>(bytes) + sizeof family,
                               std::min(length - sizeof family, sizeof(sockaddr_un::sun_path)));
        if (name.front() == '\0') return "unix:@" + name.substr(1);
        return "unix:" + name.substr(0, name.find('\0'));
    }
    return {};
}

std::string readAddress(std::int32_t tid, std::uint64_t address, std::uint64_t length)
{
    std::array<char, sizeof(sockaddr_storage)> bytes{};
    const std::size_t take = std::min<std::size_t>(static_cast<std::uint32_t>(length), bytes.size());
    if (address == 0 || take == 0 || !readMemory(tid, address, bytes.data(), take)) return {};
    return describeAddress(bytes.data(), take);
}

std::string folderOf(std::int32_t tid, std::int32_t descriptor)
{
    char link[48];
    if (descriptor == AT_FDCWD) std::snprintf(link, sizeof link, "/proc/%d/cwd", tid);
    else std::snprintf(link, sizeof link, "/proc/%d/fd/%d", tid, descriptor);
    return readLinkText(link);
}

InsideObject lookUpInside(int root, const std::string& path, bool followLast)
{
    InsideObject object;
    object.path = path;
    const UniqueFd found(openInside(root, path, followLast));
    if (found) {
        if (std::string resolved = pathOfDescriptor(found.get()); isAbsolutePath(resolved)) object.path = std::move(resolved);
        struct stat info{};
        object.exists = ::fstat(found.get(), &info) == 0;
        object.mode = info.st_mode;
        object.uid = info.st_uid;
        object.gid = info.st_gid;
        return object;
    }
    object.error = errno;
    // The object is missing: resolve its folder, so that links on the way do not hide what was asked for.
    const std::string clean = normalizedPath(path);
    const UniqueFd folder(openInside(root, parentPath(clean), true));
    if (!folder) {
        object.path = clean;
        return object;
    }
    if (const std::string resolved = pathOfDescriptor(folder.get()); isAbsolutePath(resolved))
        object.path = joinPath(resolved, fileName(clean));
    return object;
}

}  // namespace belljar::linux_platform
