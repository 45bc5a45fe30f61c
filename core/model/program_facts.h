// What a program file is: how the kernel starts it, and its content as a hash.
#pragma once

#include <cstdint>
#include <string>

namespace belljar {

/// One state of one file. With any of these another it is another file, or its content may be another.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t changedNs = 0;  ///< When content or metadata last changed (ctime), in nanoseconds since 1970.
    bool operator==(const FileIdentity&) const = default;
};

struct ProgramFacts {
    enum class Kind : std::uint8_t { machineCode, script, other };
    Kind kind = Kind::other;
    /// Machine code: the loader that the kernel starts with it. Script: the program of its first line. Empty: none.
    std::string interpreter;
    std::string sha256;     ///< Of the content, 64 lower-case hexadecimal digits; only when asked for.
    FileIdentity identity;  ///< Of what was read.
};

}  // namespace belljar
