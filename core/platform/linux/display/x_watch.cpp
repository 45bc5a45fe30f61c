// The library that is loaded into the nested X server; see x_watch.h. It runs on the server's thread that talks to
// programs, is as confined as the server is, and never waits.
#include "core/platform/linux/display/x_watch.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace belljar::linux_platform {
namespace {

/// Above it a server has no connections.
constexpr std::size_t kMostDescriptors = 1024;
/// Kept while nobody takes them; then it is only counted how many more there were.
constexpr std::size_t kMostReports = 256;

/// One connection.
struct Program {
    std::optional<XRequestReader> reader;  ///< None: it is not watched.
    pid_t pid = 0;
    std::array<char, sizeof XWatchReport::program> name{};  ///< Of that process, asked while it waits for us.
};

class Watch {
public:
    void begin(int descriptor)
    {
        if (descriptor < 0 || static_cast<std::size_t>(descriptor) >= m_programs.size()) return;
        XWatchOrder order;
        if (::recv(kXWatchReports, &order, sizeof order, MSG_DONTWAIT) == static_cast<ssize_t>(sizeof order))
            m_order = order;
        const int yes = 1;
        ::setsockopt(descriptor, SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes);
        auto program = std::make_unique<Program>();
        Program& made = *program;
        if (m_order) made.reader.emplace(m_order->opcodes, [this, &made](const XAttempt& seen) { note(made, seen); });
        m_programs[static_cast<std::size_t>(descriptor)] = std::move(program);
    }

    void end(int descriptor)
    {
        if (programAt(descriptor) != nullptr) m_programs[static_cast<std::size_t>(descriptor)].reset();
    }

    /// What the server has read. False: it is not to be understood.
    [[nodiscard]] bool heard(int descriptor, std::string_view bytes, pid_t sender)
    {
        Program* program = programAt(descriptor);
        if (program == nullptr) return true;
        if (!program->reader) {
            if (!m_saidHello) m_reports.push_back({});
            m_saidHello = true;
        }
        if (sender != 0 && sender != program->pid) rename(*program, sender);
        const bool understood = !program->reader || program->reader->read(bytes);
        if (!m_reports.empty()) send();
        return understood;
    }

    void answered(int descriptor, std::span<const iovec> pieces, ssize_t length)
    {
        Program* program = programAt(descriptor);
        if (program == nullptr || !program->reader) return;
        for (const iovec& piece : pieces) {
            if (length <= 0) return;
            const std::size_t count = std::min(piece.iov_len, static_cast<std::size_t>(length));
            program->reader->readAnswer({static_cast<const char*>(piece.iov_base), count});
            length -= static_cast<ssize_t>(count);
        }
    }

private:
    [[nodiscard]] Program* programAt(int descriptor) const
    {
        const auto place = static_cast<std::size_t>(descriptor);
        return descriptor >= 0 && place < m_programs.size() ? m_programs[place].get() : nullptr;
    }

    static void rename(Program& program, pid_t pid)
    {
        program.pid = pid;
        program.name.fill('\0');
        const int file = ::open(("/proc/" + std::to_string(pid) + "/comm").c_str(), O_RDONLY | O_CLOEXEC);
        const ssize_t length = ::read(file, program.name.data(), program.name.size() - 1);
        ::close(file);
        if (length > 0 && program.name[static_cast<std::size_t>(length) - 1] == '\n')
            program.name[static_cast<std::size_t>(length) - 1] = '\0';
    }

    void note(const Program& program, const XAttempt& seen)
    {
        XWatchReport report;
        report.times = 1;
        report.refused = seen.refused;
        const bool isTold = m_reports.size() < kMostReports;
        (isTold ? seen.way : "others").copy(report.way, sizeof report.way - 1);
        if (isTold) {
            report.pid = program.pid;
            std::memcpy(report.program, program.name.data(), sizeof report.program);
        }
        const auto same = std::find_if(m_reports.begin(), m_reports.end(), [&](const XWatchReport& other) {
            return other.pid == report.pid && other.refused == report.refused &&
                   std::strcmp(other.way, report.way) == 0 && other.times != 0;
        });
        if (same != m_reports.end()) ++same->times;
        else m_reports.push_back(report);
    }

    void send()
    {
        std::size_t sent = 0;
        while (sent < m_reports.size() &&
               ::send(kXWatchReports, &m_reports[sent], sizeof m_reports[sent], MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
            ++sent;
        m_reports.erase(m_reports.begin(), m_reports.begin() + static_cast<std::ptrdiff_t>(sent));
    }

    std::array<std::unique_ptr<Program>, kMostDescriptors> m_programs;
    std::optional<XWatchOrder> m_order;
    std::vector<XWatchReport> m_reports;  ///< Not sent yet.
    bool m_saidHello = false;
};

/// Never destroyed: the server closes connections at its very end.
Watch& watch()
{
    static Watch* const kWatch = new Watch;
    return *kWatch;
}

/// Who sends, where the kernel says so.
pid_t senderOf(msghdr& message)
{
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_CREDENTIALS) continue;
        ucred sender{};
        std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
        return sender.pid;
    }
    return 0;
}

/// As the call has it: what was read, or an end for who says what could be read in two ways.
ssize_t passed(int descriptor, std::string_view bytes, pid_t sender)
{
    if (watch().heard(descriptor, bytes, sender)) return static_cast<ssize_t>(bytes.size());
    errno = ECONNRESET;
    return -1;
}

/// The call that ours stands before.
template <class Function>
Function* next(const char* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));  // NOLINT: as dlsym has it
}

/// Programs that the server starts are none of our business.
[[gnu::constructor]] void load()
{
    ::unsetenv("LD_PRELOAD");  // NOLINT: one thread
    ::close(kXWatchLibrary);
    ::fcntl(kXWatchReports, F_SETFD, FD_CLOEXEC);
}

}  // namespace
}  // namespace belljar::linux_platform

#pragma GCC visibility push(default)
extern "C" {

int accept(int listener, sockaddr* address, socklen_t* length)
{
    static const auto kNext = belljar::linux_platform::next<int(int, sockaddr*, socklen_t*)>("accept");
    const int made = kNext(listener, address, length);
    belljar::linux_platform::watch().begin(made);
    return made;
}

int accept4(int listener, sockaddr* address, socklen_t* length, int flags)
{
    static const auto kNext = belljar::linux_platform::next<int(int, sockaddr*, socklen_t*, int)>("accept4");
    const int made = kNext(listener, address, length, flags);
    belljar::linux_platform::watch().begin(made);
    return made;
}

ssize_t recvmsg(int descriptor, msghdr* message, int flags)
{
    static const auto kNext = belljar::linux_platform::next<ssize_t(int, msghdr*, int)>("recvmsg");
    const ssize_t length = kNext(descriptor, message, flags);
    if (length <= 0 || message->msg_iovlen != 1) return length;
    return belljar::linux_platform::passed(
        descriptor, {static_cast<const char*>(message->msg_iov->iov_base), static_cast<std::size_t>(length)},
        belljar::linux_platform::senderOf(*message));
}

ssize_t read(int descriptor, void* into, std::size_t size)
{
    static const auto kNext = belljar::linux_platform::next<ssize_t(int, void*, std::size_t)>("read");
    const ssize_t length = kNext(descriptor, into, size);
    if (length <= 0) return length;
    return belljar::linux_platform::passed(descriptor,
                                           {static_cast<const char*>(into), static_cast<std::size_t>(length)}, 0);
}

ssize_t writev(int descriptor, const iovec* pieces, int count)
{
    static const auto kNext = belljar::linux_platform::next<ssize_t(int, const iovec*, int)>("writev");
    const ssize_t length = kNext(descriptor, pieces, count);
    belljar::linux_platform::watch().answered(descriptor, {pieces, static_cast<std::size_t>(count)}, length);
    return length;
}

ssize_t sendmsg(int descriptor, const msghdr* message, int flags)
{
    static const auto kNext = belljar::linux_platform::next<ssize_t(int, const msghdr*, int)>("sendmsg");
    const ssize_t length = kNext(descriptor, message, flags);
    belljar::linux_platform::watch().answered(descriptor, {message->msg_iov, message->msg_iovlen}, length);
    return length;
}

int close(int descriptor)
{
    static const auto kNext = belljar::linux_platform::next<int(int)>("close");
    belljar::linux_platform::watch().end(descriptor);
    return kNext(descriptor);
}

}  // extern "C"
#pragma GCC visibility pop
