// Sees in the nested X server what its programs send, so that each try to make input is told.
//
// A small library of ours is loaded into the server and stands before the calls that it takes connections and bytes
// with. A process between the programs and the server would see the same, and cost each round trip two more changes of
// processes (measured: 85 µs instead of 10); so nothing is in between, and what is read costs nanoseconds.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "core/platform/linux/display/x_requests.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// The server's end of the socket for what follows, a datagram each; and the library itself.
inline constexpr int kXWatchReports = 4;
inline constexpr int kXWatchLibrary = 5;

/// To the library: connections that are made from now on are watched. Earlier ones are our own.
struct XWatchOrder {
    XOpcodes opcodes;
};

/// From the library. `times` 0: it works, said once, when the first program has been heard.
struct XWatchReport {
    std::int32_t pid = 0;  ///< 0: not known.
    std::uint32_t times = 0;
    bool refused = false;
    char way[32]{};      ///< XAttempt::way
    char program[16]{};  ///< What the kernel calls the process; hostile.
};

/// The library as a file without a name; none where there is no memory.
[[nodiscard]] UniqueFd xWatchLibrary();

}  // namespace belljar::linux_platform
