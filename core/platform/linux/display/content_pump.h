// The content of a clipboard on its way from one program's pipe to another's, counted, and cut when it must not go on.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

class ContentPump {
public:
    using Clock = std::chrono::steady_clock;

    /// A pump into `to`, a pipe of somebody's; and the end that its source is to write to. nullopt where `to` is no
    /// pipe: writing to anything else could keep us waiting.
    [[nodiscard]] static std::optional<std::pair<ContentPump, UniqueFd>> begin(UniqueFd to);

    /// What to wait for next: its descriptor and the poll event.
    [[nodiscard]] int descriptor() const { return m_waitsForSink ? m_to.get() : m_from.get(); }
    [[nodiscard]] short events() const;
    /// Moves what can be moved.
    void step();
    /// Ends it with an errno; 0: all has been moved.
    void end(int error);
    [[nodiscard]] bool isOver() const { return m_over; }
    [[nodiscard]] int error() const { return m_error; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    /// Without progress until then it is to be ended.
    [[nodiscard]] Clock::time_point deadline() const { return m_deadline; }

private:
    ContentPump(UniqueFd from, UniqueFd to);

    UniqueFd m_from;
    UniqueFd m_to;
    std::uint64_t m_bytes = 0;
    Clock::time_point m_deadline;
    int m_error = 0;
    bool m_waitsForSink = false;
    bool m_over = false;
};

}  // namespace belljar::linux_platform
