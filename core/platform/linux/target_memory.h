// Reading what a stopped sandboxee points at: strings, argument lists, socket addresses, paths, folders.
//
// Everything read is hostile and bounded. Nothing here throws or trusts a length.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// At most `limit` bytes from `address` in thread `tid`; false when not all of them can be read.
[[nodiscard]] bool readMemory(std::int32_t tid, std::uint64_t address, void* into, std::size_t length);

/// A NUL-terminated string of at most `limit` bytes; nullopt when the memory cannot be read.
[[nodiscard]] std::optional<std::string> readString(std::int32_t tid, std::uint64_t address, std::size_t limit);

/// A NULL-terminated array of strings as a JSON array, shortened with "…" after 256 entries or 8 KiB. `names`: of each
/// only what stands before '=', for an environment whose values nobody is to see.
[[nodiscard]] std::string readTextList(std::int32_t tid, std::uint64_t address, bool names);

/// A socket address as "1.2.3.4:80", "[::1]:80", "unix:/path", "unix:@abstract"; empty for other families.
[[nodiscard]] std::string describeAddress(const void* bytes, std::size_t length);
[[nodiscard]] std::string readAddress(std::int32_t tid, std::uint64_t address, std::uint64_t length);

/// Where a link of /proc/PID leads; without the mark that the kernel puts behind the name of what was removed.
[[nodiscard]] std::string linkedPath(const char* link);

/// The folder that a relative path starts from: the working directory (AT_FDCWD) or an open descriptor.
[[nodiscard]] std::string folderOf(std::int32_t tid, std::int32_t descriptor);

/// What stands at `path` in the sandbox.
struct InsideObject {
    std::string path;  ///< With symbolic links resolved as far as the object exists.
    bool exists = false;
    int error = 0;               ///< errno when it could not be reached, ENOENT and the like.
    bool folderMissing = false;  ///< Not only the last part does not exist: it could not be made, either.
    bool unknown = false;  ///< Neither `exists` nor `error` can be told: a link of /proc that leads out of the tree.
    std::uint32_t mode = 0;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
};

/// `path` with the names by which thread `tid` reaches itself (/proc/self, /proc/thread-self, /dev/fd, /dev/stdin ...)
/// replaced by what they mean: its files, its folders, its number. Other paths stay as they are.
[[nodiscard]] std::string withoutOwnNames(std::int32_t tid, int root, const std::string& path);

/// Resolves `path` (absolute) below the sandbox's root as the sandboxee's kernel would. Links are followed also where
/// what they lead to does not exist in the sandbox.
[[nodiscard]] InsideObject lookUpInside(int root, const std::string& path, bool followLast);

/// The same with an O_PATH descriptor of it, when there is one.
struct OpenedInside {
    UniqueFd handle;
    InsideObject object;
};
[[nodiscard]] OpenedInside openPathInside(int root, const std::string& path, bool followLast);

}  // namespace belljar::linux_platform
