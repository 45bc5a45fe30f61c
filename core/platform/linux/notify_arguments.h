// Arguments of calls that need more than reading a path: open flags, programs, sockets, process handles.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/platform/linux/notify_lookup.h"

namespace belljar::linux_platform {

/// "O_RDWR|O_CREAT|O_TRUNC": the flags that matter to a reader.
[[nodiscard]] std::string openFlagsText(std::uint64_t flags);

/// Set in what readOpenHow() returns when the call restricts its way (RESOLVE_BENEATH and the like).
inline constexpr std::uint64_t kRestrictedWay = std::uint64_t{1} << 63U;
/// The flags of openat2's struct; nullopt when it cannot be read.
[[nodiscard]] std::optional<std::uint64_t> readOpenHow(std::int32_t tid, std::uint64_t address);

/// The errno with which the kernel will refuse to execute what stands at `object.path`; 0: it will not.
[[nodiscard]] int execError(TreeView& tree, const InsideObject& object);

/// The address that a socket of a process is bound to, "unix:" or "0.0.0.0:0" when to none; empty for no socket.
[[nodiscard]] std::string ownAddress(int pidfd, int descriptor);

/// The process behind a pidfd of thread `tid`, its number on the host; 0: none.
[[nodiscard]] std::int32_t pidOfHandle(std::int32_t tid, int descriptor);

/// Whether the sandbox's own /proc knows the process; true as well where there is no /proc.
[[nodiscard]] bool hasProcess(int root, std::int32_t insidePid);

}  // namespace belljar::linux_platform
