// How a session ended. What Belljar itself failed at before the program ran is `SetupFailed`, never an exit code.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

#include "core/base/result.h"

namespace belljar {

struct Exited {
    int code = 0;
};
struct Signaled {
    int signal = 0;
};
struct TimedOut {
    std::chrono::milliseconds limit{0};
};
struct Killed {
    std::string reason;
};  ///< Stopped by the user or by Belljar.
struct LimitReached {
    std::string limit;
    std::string amount;  ///< For a reader, e.g. "640 MB"; empty: not known.
};                       ///< A resource limit ended it, e.g. "cpuSeconds".
struct SetupFailed {
    Error error;
};  ///< The program never started.

using Ending = std::variant<Exited, Signaled, TimedOut, Killed, LimitReached, SetupFailed>;

struct Outcome {
    Ending ending = Exited{};
    std::chrono::nanoseconds duration{0};  ///< Wall-clock, from launch to the end of the whole tree.
    std::chrono::microseconds cpuTime{0};  ///< User + system of the whole tree, as far as it was reaped.
    std::uint64_t peakMemoryKb = 0;        ///< Largest resident set of a single process.
    std::string note;                      ///< A limit that may have been the cause of the end; empty: none.
};

/// The exit status a shell user expects: the sandboxee's own; 128 + n for a signal; 124 timeout; 125 Belljar's own
/// failure; 126 not executable; 127 not found (the last two come from SetupFailed's `native` ENOENT / EACCES on exec).
[[nodiscard]] int exitStatus(const Outcome& outcome);

/// One plain sentence: "exited with code 0 after 0.12 s".
[[nodiscard]] std::string describe(const Outcome& outcome);

/// A stable word for machines: exited, signaled, timed_out, killed, limit_reached, setup_failed.
[[nodiscard]] std::string endingName(const Ending& ending);

}  // namespace belljar
