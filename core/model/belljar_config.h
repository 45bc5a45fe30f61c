// `experimental.belljar`: what only Belljar knows. MXC accepts the block and ignores it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace belljar {

/// `experimental.belljar.limits`: what one session may use. Absent is Belljar's default, 0 is "no limit".
struct LimitsConfig {
    std::optional<std::uint32_t> memoryMb;    ///< MiB of memory.
    std::optional<std::uint32_t> processes;   ///< Processes and threads alive at once.
    std::optional<std::uint32_t> cpuSeconds;  ///< Seconds of processor time.
    std::optional<std::uint32_t> tmpMb;       ///< MiB in the private /tmp.
    bool operator==(const LimitsConfig&) const = default;
};

/// `experimental.belljar.syscalls`: system calls by name.
struct SyscallsConfig {
    std::optional<std::vector<std::string>> deny;
    bool operator==(const SyscallsConfig&) const = default;
};

/// One entry of `experimental.belljar.programs`.
struct ProgramConfig {
    std::string path;                   ///< A program, or a folder with programs.
    std::optional<std::string> sha256;  ///< Of a program's content, in hexadecimal digits.
    bool operator==(const ProgramConfig&) const = default;
};

struct BelljarConfig {
    std::optional<std::vector<std::string>> extends;  ///< Files of base profiles; the later is the nearer.
    std::optional<LimitsConfig> limits;
    std::optional<std::vector<ProgramConfig>> programs;  ///< Absent: every program; empty: none.
    std::optional<SyscallsConfig> syscalls;
    bool operator==(const BelljarConfig&) const = default;
};

}  // namespace belljar
