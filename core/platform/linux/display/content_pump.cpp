#include "core/platform/linux/display/content_pump.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace belljar::linux_platform {
namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::size_t kPiece = 65536;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30U;
/// In a row, so that one content does not keep the others waiting.
constexpr int kMostPieces = 16;

}  // namespace

std::optional<std::pair<ContentPump, UniqueFd>> ContentPump::begin(UniqueFd to)
{
    struct stat info {};
    if (!to || ::fstat(to.get(), &info) != 0 || !S_ISFIFO(info.st_mode)) return std::nullopt;
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
    UniqueFd from(ends[0]);
    UniqueFd source(ends[1]);
    return std::pair{ContentPump(std::move(from), std::move(to)), std::move(source)};
}

ContentPump::ContentPump(UniqueFd from, UniqueFd to)
    : m_from(std::move(from)), m_to(std::move(to)), m_deadline(Clock::now() + kPatience)
{
}

short ContentPump::events() const
{
    return m_waitsForSink ? POLLOUT : POLLIN;
}

void ContentPump::step()
{
    m_waitsForSink = false;
    for (int pieces = 0; pieces < kMostPieces && !m_over; ++pieces) {
        const ssize_t moved = ::splice(m_from.get(), nullptr, m_to.get(), nullptr, kPiece, SPLICE_F_NONBLOCK);
        if (moved < 0 && errno == EINTR) continue;
        if (moved < 0 && errno == EAGAIN) {
            // Either the source has nothing or the sink has no room.
            pollfd source{m_from.get(), POLLIN, 0};
            m_waitsForSink = ::poll(&source, 1, 0) > 0 && (source.revents & POLLIN) != 0;
            return;
        }
        if (moved <= 0) {
            end(moved == 0 ? 0 : errno);
            return;
        }
        m_bytes += static_cast<std::uint64_t>(moved);
        m_deadline = Clock::now() + kPatience;
        if (m_bytes > kMostBytes) end(EFBIG);
    }
}

void ContentPump::end(int error)
{
    if (std::exchange(m_over, true)) return;
    m_error = error;
    m_from.reset();
    m_to.reset();
}

}  // namespace belljar::linux_platform
