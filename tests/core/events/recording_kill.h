// Kills a process that records, and looks at what is left. Linux only; shared with the bench.
#pragma once

#include <cstdint>
#include <string>

namespace belljar {

struct KillResult {
    std::string wrong;            ///< Not empty: what was shown and is missing, or what nobody recorded.
    std::uint64_t made = 0;       ///< Events that existed when the process died.
    std::uint64_t shown = 0;      ///< Up to here append() had returned.
    std::uint64_t recovered = 0;  ///< Events in the file.
    double lostMs = 0;            ///< From the last event in the file to the last one that was made.
};

/// Starts a child that records to `file` (new) and shows, kills it after `microseconds`, and reads the file. `seed`
/// chooses the sizes of its batches. The caller must have one thread only.
KillResult killWhileRecording(const std::string& file, std::uint32_t microseconds, std::uint32_t seed);

}  // namespace belljar
