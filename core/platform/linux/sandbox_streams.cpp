#include "core/platform/linux/sandbox_streams.h"

#include <unistd.h>

#include <array>
#include <cerrno>

namespace belljar::linux_platform {

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

}  // namespace belljar::linux_platform
