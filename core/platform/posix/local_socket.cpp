#include "core/platform/local_socket.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>

#include "core/platform/posix/errno_text.h"
#include "core/platform/posix/unique_fd.h"
#include "core/platform/posix/writable_memory.h"

namespace belljar {
namespace {

constexpr int kAnswerSeconds = 15;
constexpr int kPeerSeconds = 2;

Error socketError(const char* what, const std::string& where, int error)
{
    return {ErrorCode::backendError, what, where, errnoText(error), {}};
}

std::string folderPath()
{
    const std::string memory = WritableMemory::ofUser().folder();
    return memory.empty() ? std::string() : memory + "/run";
}

/// The folder of the sockets, if it is ours alone.
UniqueFd openFolder(bool make)
{
    const std::string path = folderPath();
    if (path.empty()) return {};
    if (make && ::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return {};
    UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat info {};
    if (!folder || ::fstat(folder.get(), &info) != 0) return {};
    if (info.st_uid != ::geteuid() || (info.st_mode & 077U) != 0) {
        errno = EPERM;
        return {};
    }
    return folder;
}

/// A socket's address is short; by the folder's descriptor any path fits.
bool addressOf(const UniqueFd& folder, const std::string& name, sockaddr_un& address)
{
#ifdef __linux__
    const std::string path = "/proc/self/fd/" + std::to_string(folder.get()) + "/" + name;
#else
    const std::string path = folderPath() + "/" + name;
    (void)folder;
#endif
    address = {};
    address.sun_family = AF_UNIX;
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
        path.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return true;
}

UniqueFd newSocket()
{
    UniqueFd made(::socket(AF_UNIX, SOCK_STREAM, 0));
    if (made) ::fcntl(made.get(), F_SETFD, FD_CLOEXEC);
    return made;
}

void setPatience(int socket, int seconds)
{
    const timeval patience{seconds, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

std::optional<LocalPeer> peerOf(int socket)
{
#ifdef __linux__
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return std::nullopt;
    return LocalPeer{who.uid, who.pid};
#else
    uid_t user = 0;
    gid_t group = 0;
    if (::getpeereid(socket, &user, &group) != 0) return std::nullopt;
    return LocalPeer{user, 0};
#endif
}

/// Up to and without the first newline; nullopt when none comes within `limit` bytes.
std::optional<std::string> readLine(int socket, std::size_t limit)
{
    std::string line;
    char part[16384];
    for (;;) {
        const ssize_t length = ::recv(socket, part, sizeof part, 0);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) return std::nullopt;
        line.append(part, static_cast<std::size_t>(length));
        if (const std::size_t end = line.find('\n'); end != std::string::npos) {
            line.resize(end);
            return line;
        }
        if (line.size() > limit) return std::nullopt;
    }
}

bool writeLine(int socket, std::string line)
{
    line += '\n';
    for (std::string_view rest = line; !rest.empty();) {
        const ssize_t length = ::send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) return false;
        rest.remove_prefix(static_cast<std::size_t>(length));
    }
    return true;
}

class PosixServer final : public LocalServer {
public:
    PosixServer(UniqueFd folder, std::string name, UniqueFd socket, LocalHandler handler)
        : m_folder(std::move(folder)),
          m_name(std::move(name)),
          m_socket(std::move(socket)),
          m_handler(std::move(handler))
    {
        int ends[2] = {-1, -1};
        if (::pipe(ends) == 0) {
            ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
            ::fcntl(ends[1], F_SETFD, FD_CLOEXEC);
        }
        m_stopped.reset(ends[0]);
        m_stop.reset(ends[1]);
        m_thread = std::thread([this] { serve(); });
    }

    ~PosixServer() override
    {
        m_stop.reset();
        m_thread.join();
        ::unlinkat(m_folder.get(), m_name.c_str(), 0);
    }

private:
    void serve()
    {
        for (;;) {
            pollfd waits[2] = {{m_socket.get(), POLLIN, 0}, {m_stopped.get(), POLLIN, 0}};
            if (::poll(waits, 2, -1) < 0 && errno != EINTR) return;
            if (waits[1].revents != 0) return;
            if (waits[0].revents == 0) continue;
            UniqueFd peer(::accept(m_socket.get(), nullptr, nullptr));
            if (!peer) continue;
            ::fcntl(peer.get(), F_SETFD, FD_CLOEXEC);
            answer(peer.get());
        }
    }

    void answer(int peer)
    {
        const std::optional<LocalPeer> who = peerOf(peer);
        if (!who || (who->uid != static_cast<std::int64_t>(::geteuid()) && who->uid != 0)) return;
        setPatience(peer, kPeerSeconds);
        const std::optional<std::string> line = readLine(peer, kLongestLocalRequest);
        if (line) writeLine(peer, m_handler(*line, *who));
    }

    UniqueFd m_folder;
    std::string m_name;
    UniqueFd m_socket;
    LocalHandler m_handler;
    UniqueFd m_stopped, m_stop;
    std::thread m_thread;
};

}  // namespace

Result<std::unique_ptr<LocalServer>> serveLocal(const std::string& name, LocalHandler handler)
{
    UniqueFd folder = openFolder(true);
    if (!folder) return socketError("the folder for control sockets cannot be used", folderPath(), errno);
    sockaddr_un address{};
    UniqueFd socket = newSocket();
    // Under its name only once it answers: who finds one that does not takes it for a dead one's.
    const std::string early = "." + name;
    const bool bound = socket && addressOf(folder, early, address) &&
                       ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&  // NOLINT
                       ::listen(socket.get(), 16) == 0 &&
                       ::renameat(folder.get(), early.c_str(), folder.get(), name.c_str()) == 0;
    if (!bound) return socketError("the control socket cannot be made", folderPath() + "/" + name, errno);
    return std::unique_ptr<LocalServer>(
        std::make_unique<PosixServer>(std::move(folder), name, std::move(socket), std::move(handler)));
}

Result<std::string> askLocal(const std::string& name, const std::string& line)
{
    const UniqueFd folder = openFolder(false);
    if (!folder) return socketError("no session runs", folderPath(), errno);
    sockaddr_un address{};
    const UniqueFd socket = newSocket();
    const bool connected =
        socket && addressOf(folder, name, address) &&
        ::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;  // NOLINT
    if (!connected) return socketError("the session cannot be reached", name, errno);
    setPatience(socket.get(), kAnswerSeconds);
    const std::optional<std::string> reply =
        writeLine(socket.get(), line) ? readLine(socket.get(), kLongestLocalReply) : std::nullopt;
    if (!reply) return socketError("the session does not answer", name, errno);
    return *reply;
}

std::int64_t ownProcess()
{
    return ::getpid();
}

std::vector<std::string> localNames()
{
    std::vector<std::string> names;
    const UniqueFd folder = openFolder(false);
    if (!folder) return names;
    DIR* listed = ::fdopendir(::fcntl(folder.get(), F_DUPFD_CLOEXEC, 3));
    if (listed == nullptr) return names;
    while (const dirent* entry = ::readdir(listed)) {  // NOLINT: each call has its own DIR
        const std::string name = entry->d_name;
        sockaddr_un address{};
        const UniqueFd socket = newSocket();
        if (name.front() == '.' || !socket || !addressOf(folder, name, address)) continue;
        if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)  // NOLINT
            names.push_back(name);
        else if (errno == ECONNREFUSED) ::unlinkat(folder.get(), name.c_str(), 0);
    }
    ::closedir(listed);
    return names;
}

}  // namespace belljar
