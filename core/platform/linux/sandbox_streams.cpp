#include "core/platform/linux/sandbox_streams.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include <spdlog/fmt/fmt.h>

namespace belljar::linux_platform {
namespace {

bool isMemoryFile(int file)
{
    char name[16] = {};
    constexpr std::string_view kMemory = "/memfd:";
    const ssize_t length = ::readlink(fmt::format("/proc/self/fd/{}", file).c_str(), name, sizeof name);
    return length > 0 && std::string_view(name, static_cast<std::size_t>(length)).starts_with(kMemory);
}

/// Through which somebody reaches any socket file that takes datagrams, whoever it belongs to.
bool isDatagramSocket(int file)
{
    const auto is = [file](int option, int wanted) {
        int value = 0;
        socklen_t length = sizeof value;
        return ::getsockopt(file, SOL_SOCKET, option, &value, &length) == 0 && value == wanted;
    };
    return is(SO_DOMAIN, AF_UNIX) && is(SO_TYPE, SOCK_DGRAM);
}

}  // namespace

void SandboxInput::add(std::string_view bytes)
{
    const std::lock_guard lock(m_mutex);
    if (bytes.empty()) m_ended = true;
    else m_bytes += bytes;
}

bool SandboxInput::waits() const
{
    const std::lock_guard lock(m_mutex);
    return !m_bytes.empty() || m_ended;
}

void SandboxInput::feed(UniqueFd& input)
{
    const std::lock_guard lock(m_mutex);
    while (input && !m_bytes.empty()) {
        const ssize_t length = ::write(input.get(), m_bytes.data(), m_bytes.size());
        if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (length < 0) {  // nobody reads any more
            m_bytes.clear();
            input.reset();
            return;
        }
        m_bytes.erase(0, static_cast<std::size_t>(length));
    }
    if (!m_ended || !input) return;
    m_ended = false;
    if (m_mode == StdioPlan::Mode::pipes) {
        input.reset();
    } else {
        constexpr char kEndOfTransmission = 4;
        [[maybe_unused]] const ssize_t sent = ::write(input.get(), &kEndOfTransmission, 1);
    }
}

void readAvailable(UniqueFd& from, bool all, const std::function<void(std::string_view)>& take)
{
    constexpr int kMostReads = 16;
    std::array<char, 65536> part;  // NOLINT: not cleared for each read
    for (int reads = 0; from && (all || reads < kMostReads); ++reads) {
        const ssize_t length = ::read(from.get(), part.data(), part.size());
        if (length > 0) {
            take({part.data(), static_cast<std::size_t>(length)});
            continue;
        }
        if (length < 0 && errno == EINTR) continue;
        if (length < 0 && errno == EAGAIN) return;
        from.reset();  // end of file; EIO from a terminal that nobody holds
    }
}

Result<void> checkStream(int file, const ShimPlan& shim)
{
    const char* what = nullptr;
    struct stat info {};
    if (::fstat(file, &info) == 0 && S_ISDIR(info.st_mode))
        what = "a standard stream is a folder, through which the sandbox could be left";
    else if (shim.programs.on && isMemoryFile(file))
        what = "a standard stream is a memory file, which no list of programs can keep from being executed";
    else if (shim.filter.nestsSandboxes && isDatagramSocket(file))
        what = "a standard stream is a datagram socket, which nothing guards where sandboxes are nested";
    if (what == nullptr) return {};
    return Error{ErrorCode::malformedRequest, what, {}, {}, "redirect from and to files, pipes or terminals"};
}

}  // namespace belljar::linux_platform
