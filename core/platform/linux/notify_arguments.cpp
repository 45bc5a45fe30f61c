#include "core/platform/linux/notify_arguments.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace belljar::linux_platform {

std::string openFlagsText(std::uint64_t flags)
{
    static constexpr std::pair<std::uint64_t, const char*> kNames[] = {
        {O_CREAT, "|O_CREAT"},         {O_EXCL, "|O_EXCL"},         {O_TRUNC, "|O_TRUNC"}, {O_APPEND, "|O_APPEND"},
        {O_DIRECTORY, "|O_DIRECTORY"}, {O_NOFOLLOW, "|O_NOFOLLOW"}, {O_PATH, "|O_PATH"},
    };
    std::string text = (flags & O_ACCMODE) == O_RDONLY   ? "O_RDONLY"
                       : (flags & O_ACCMODE) == O_WRONLY ? "O_WRONLY"
                                                         : "O_RDWR";
    for (const auto& [bit, name] : kNames) {
        if ((flags & bit) == bit) text += name;
    }
    constexpr std::uint64_t kTmpfileBit = O_TMPFILE & ~static_cast<std::uint64_t>(O_DIRECTORY);
    if ((flags & kTmpfileBit) != 0) text += "|O_TMPFILE";
    return text;
}

std::optional<std::uint64_t> readOpenHow(std::int32_t tid, std::uint64_t address)
{
    open_how how{};
    if (!readMemory(tid, address, &how, sizeof how)) return std::nullopt;
    return (how.flags & ~kRestrictedWay) | (how.resolve != 0 ? kRestrictedWay : 0);
}

int execError(TreeView& tree, const InsideObject& object)
{
    if (!S_ISREG(object.mode)) return EACCES;
    if (const int refused = tree.refusal(object.path, X_OK); refused != 0) return refused;
    std::array<char, 256> begin{};
    const UniqueFd file = tree.open(object.path);
    const ssize_t length = file ? ::pread(file.get(), begin.data(), begin.size() - 1, 0) : -1;
    if (length < 0) return 0;  // to be executed, but not to be read
    const std::string_view text(begin.data(), static_cast<std::size_t>(length));
    if (text.starts_with("\177ELF")) return 0;
    if (!text.starts_with("#!")) return ENOEXEC;
    const std::size_t at = text.find_first_not_of(" \t", 2);
    const std::size_t end = text.find_first_of(" \t\n", at);
    if (at == std::string_view::npos || end == std::string_view::npos || end == at) return ENOEXEC;
    const InsideObject interpreter = tree.look("/", text.substr(at, end - at), true);
    return interpreter.exists ? tree.refusal(interpreter.path, X_OK) : interpreter.error;
}

std::string ownAddress(int pidfd, int descriptor)
{
    const UniqueFd socket(static_cast<int>(::syscall(SYS_pidfd_getfd, pidfd, descriptor, 0)));
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (!socket || ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0)  // NOLINT
        return {};
    if (address.ss_family == AF_UNIX && length <= sizeof(sa_family_t)) return "unix:";
    return describeAddress(&address, length);
}

std::int32_t pidOfHandle(std::int32_t tid, int descriptor)
{
    char path[64];
    std::snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", tid, descriptor);
    const UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
    std::array<char, 1024> text{};
    if (!file || ::read(file.get(), text.data(), text.size() - 1) <= 0) return 0;
    const char* line = std::strstr(text.data(), "\nPid:");
    return line == nullptr ? 0 : std::atoi(line + 5);
}

bool hasProcess(int root, std::int32_t insidePid)
{
    char path[32];
    std::snprintf(path, sizeof path, "proc/%d", insidePid);
    return ::faccessat(root, path, F_OK, 0) == 0 || ::faccessat(root, "proc/1", F_OK, 0) != 0;
}

}  // namespace belljar::linux_platform
