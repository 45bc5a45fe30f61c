#include "app/monitord/listening_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/platform/posix/errno_text.h"

namespace belljar::monitord {
namespace {

constexpr int kFirstInherited = 3;
constexpr int kBacklog = 128;

Error failed(const std::string& message, const std::string& path)
{
    return Error{ErrorCode::backendError, message, path, errnoText(errno), {}};
}

template <class Value>
bool hasOption(int socket, int option, Value expected)
{
    Value value{};
    socklen_t size = sizeof value;
    return ::getsockopt(socket, SOL_SOCKET, option, &value, &size) == 0 && value == expected;
}

/// A socket file without a listener is left over from a helper that has ended.
bool removeStale(const std::string& path, const sockaddr_un& address)
{
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return errno == ENOENT;
    if (!S_ISSOCK(status.st_mode)) {
        errno = EEXIST;
        return false;
    }
    const UniqueFd trial(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (::connect(trial.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
        errno != ECONNREFUSED) {
        errno = EADDRINUSE;
        return false;
    }
    return ::unlink(path.c_str()) == 0;
}

}  // namespace

Result<UniqueFd> inheritedSocket()
{
    const char* process = std::getenv("LISTEN_PID");
    const char* count = std::getenv("LISTEN_FDS");
    if (process == nullptr || count == nullptr || std::to_string(::getpid()) != process) return UniqueFd();
    if (std::strcmp(count, "1") != 0 || !hasOption(kFirstInherited, SO_DOMAIN, AF_UNIX) ||
        !hasOption(kFirstInherited, SO_TYPE, SOCK_SEQPACKET) || !hasOption(kFirstInherited, SO_ACCEPTCONN, 1))
        return Error{ErrorCode::backendError,
                     "the service manager did not hand over one listening SOCK_SEQPACKET socket",
                     {},
                     {},
                     {}};
    ::fcntl(kFirstInherited, F_SETFD, FD_CLOEXEC);
    ::fcntl(kFirstInherited, F_SETFL, O_NONBLOCK);
    return UniqueFd(kFirstInherited);
}

Result<UniqueFd> makeSocket(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return Error{ErrorCode::backendError, "the socket's path is empty or too long", path, {}, {}};
    std::memcpy(address.sun_path, path.data(), path.size());
    if (!removeStale(path, address)) return failed("the socket's place is taken", path);
    UniqueFd made(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const mode_t old = ::umask(0111);
    const bool bound = made && ::bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const int error = errno;
    ::umask(old);
    errno = error;
    if (!bound || ::listen(made.get(), kBacklog) != 0) return failed("the socket cannot be made", path);
    return made;
}

}  // namespace belljar::monitord
