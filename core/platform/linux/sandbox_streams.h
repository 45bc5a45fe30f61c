// The program's standard streams, as its supervisor holds them: bytes on their way in, and what has come out.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "core/platform/platform.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// Bytes for the program that it has not taken yet. For any thread.
class SandboxInput {
public:
    explicit SandboxInput(StdioPlan::Mode mode) : m_mode(mode) {}

    /// No bytes: the input ends after what was added before.
    void add(std::string_view bytes);
    /// Something is to be written.
    [[nodiscard]] bool waits() const;
    /// Writes as much as `input`, which does not block, takes; closes it when the input has ended or nobody reads it.
    /// A terminal stays open and gets the character for the end.
    void feed(UniqueFd& input);

private:
    const StdioPlan::Mode m_mode;
    mutable std::mutex m_mutex;  ///< Guards the rest.
    std::string m_bytes;
    bool m_ended = false;
};

/// Reads what is there from a descriptor that does not block, and closes it at its end. A part only, so that a program
/// that never stops talking does not keep us from its timeout, unless `all`.
void readAvailable(UniqueFd& from, bool all, const std::function<void(std::string_view)>& take);

/// An error when a sandbox could be left through this standard stream.
[[nodiscard]] Result<void> checkStream(int file, const ShimPlan& shim);

}  // namespace belljar::linux_platform
