#include "core/platform/linux/program_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <optional>
#include <string_view>
#include <vector>

#include "core/platform/posix/errno_text.h"
#include "core/platform/posix/unique_fd.h"
#include "core/platform/sha256.h"

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kLongestInterpreter = 4096;
constexpr int kMostTries = 20;
/// Kernels count the time of a change in ticks of at most 10 ms.
constexpr std::int64_t kTickNs = 20'000'000;

Error unreadable(const std::string& path, int error)
{
    return {ErrorCode::policyValidation, "the program cannot be read", path, errnoText(error), {}};
}

std::int64_t nanoseconds(const timespec& time)
{
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

FileIdentity identityOf(const struct stat& info)
{
    FileIdentity identity;
    identity.device = static_cast<std::uint64_t>(info.st_dev);
    identity.inode = static_cast<std::uint64_t>(info.st_ino);
    identity.size = static_cast<std::uint64_t>(info.st_size);
    identity.changedNs = nanoseconds(info.st_ctim);
    return identity;
}

/// nullopt with errno set.
std::optional<FileIdentity> identityOf(int file)
{
    struct stat info {};
    if (::fstat(file, &info) != 0) return std::nullopt;
    if (S_ISREG(info.st_mode)) return identityOf(info);
    errno = EINVAL;
    return std::nullopt;
}

std::string readAt(int file, std::uint64_t offset, std::size_t length)
{
    std::string bytes(length, '\0');
    const ssize_t got = ::pread(file, bytes.data(), length, static_cast<off_t>(offset));
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

/// An unsigned number of `size` bytes in the machine's own order; 0 beyond the end.
std::uint64_t numberAt(std::string_view bytes, std::size_t offset, std::size_t size)
{
    std::uint64_t value = 0;
    if (offset + size > bytes.size()) return 0;
    switch (size) {
        case 2: {
            std::uint16_t part = 0;
            std::memcpy(&part, bytes.data() + offset, sizeof part);
            return part;
        }
        case 4: {
            std::uint32_t part = 0;
            std::memcpy(&part, bytes.data() + offset, sizeof part);
            return part;
        }
        default: std::memcpy(&value, bytes.data() + offset, sizeof value); return value;
    }
}

/// The loader that PT_INTERP names, of 64-bit and 32-bit ELF files.
std::string loaderOf(int file, std::string_view header)
{
    constexpr std::uint64_t kInterpreterSegment = 3;
    constexpr std::uint64_t kMostSegments = 64;
    const bool wide = header.size() > 4 && header[4] == 2;
    const std::uint64_t table = wide ? numberAt(header, 32, 8) : numberAt(header, 28, 4);
    const std::uint64_t entry = numberAt(header, wide ? 54 : 42, 2);
    const std::uint64_t count = numberAt(header, wide ? 56 : 44, 2);
    if (entry < (wide ? 56U : 32U) || entry > 1024 || count > kMostSegments) return {};
    const std::string segments = readAt(file, table, entry * count);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string_view segment = std::string_view(segments).substr(std::min(i * entry, segments.size()));
        if (numberAt(segment, 0, 4) != kInterpreterSegment) continue;
        const std::uint64_t length = wide ? numberAt(segment, 32, 8) : numberAt(segment, 16, 4);
        const std::uint64_t offset = wide ? numberAt(segment, 8, 8) : numberAt(segment, 4, 4);
        std::string path = readAt(file, offset, std::min<std::uint64_t>(length, kLongestInterpreter));
        return path.substr(0, path.find('\0'));
    }
    return {};
}

/// The program of a "#!" line.
std::string scriptProgram(std::string_view begin)
{
    begin.remove_prefix(2);
    begin = begin.substr(0, begin.find('\n'));
    begin.remove_prefix(std::min(begin.find_first_not_of(" \t"), begin.size()));
    return std::string(begin.substr(0, begin.find_first_of(" \t\r")));
}

void examine(int file, ProgramFacts& facts)
{
    const std::string begin = readAt(file, 0, 256);
    if (begin.starts_with("\177ELF")) {
        facts.kind = ProgramFacts::Kind::machineCode;
        facts.interpreter = loaderOf(file, begin);
    } else if (begin.starts_with("#!")) {
        facts.kind = ProgramFacts::Kind::script;
        facts.interpreter = scriptProgram(begin);
    }
}

/// False with errno set.
bool hashFile(int file, std::string& hex)
{
    Sha256 hash;
    std::vector<char> part(std::size_t{1} << 18U);
    ssize_t got = 0;
    for (off_t at = 0; (got = ::pread(file, part.data(), part.size(), at)) > 0; at += got)
        hash.add({part.data(), static_cast<std::size_t>(got)});
    if (got < 0) return false;
    hex = hash.finish();
    return true;
}

/// A change right now would have the same time as one before.
bool isJustChanged(const FileIdentity& identity)
{
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const std::int64_t age = nanoseconds(now) - identity.changedNs;
    return age >= 0 && age < kTickNs;
}

}  // namespace

Result<ProgramFacts> readProgram(const std::string& path, bool withHash)
{
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW));
    if (!file) return unreadable(path, errno);
    for (int tries = 0; tries < kMostTries; ++tries) {
        const std::optional<FileIdentity> before = identityOf(file.get());
        if (!before) return unreadable(path, errno);
        if (withHash && isJustChanged(*before)) {
            const timespec pause{0, kTickNs};
            ::nanosleep(&pause, nullptr);
            continue;
        }
        ProgramFacts facts;
        facts.identity = *before;
        examine(file.get(), facts);
        if (withHash && !hashFile(file.get(), facts.sha256)) return unreadable(path, errno);
        if (identityOf(file.get()) == before) return facts;
    }
    return unreadable(path, EBUSY);
}

}  // namespace belljar::linux_platform
