#include "core/platform/linux/target_memory.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "core/base/path_text.h"
#include "core/base/visible.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kMostEntries = 256;  ///< Of a list that is shown.
constexpr std::size_t kMostListBytes = 8192;
constexpr std::size_t kLargestBlock = 65536;

/// Reads up to `length` bytes; how many of them could be read.
std::size_t readSome(std::int32_t tid, std::uint64_t address, void* into, std::size_t length)
{
    const iovec local{into, length};
    const iovec remote{reinterpret_cast<void*>(address), length};  // NOLINT: an address in another process
    const ssize_t count = ::process_vm_readv(tid, &local, 1, &remote, 1, 0);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

/// The pointers of a list that ends with a null pointer, one more than is shown at most.
std::vector<std::uint64_t> readPointers(std::int32_t tid, std::uint64_t address)
{
    std::vector<std::uint64_t> pointers(kMostEntries + 1);
    const std::size_t bytes = readSome(tid, address, pointers.data(), pointers.size() * sizeof pointers.front());
    pointers.resize(bytes / sizeof pointers.front());
    pointers.erase(std::find(pointers.begin(), pointers.end(), 0U), pointers.end());
    return pointers;
}

/// The texts that pointers lead to. They mostly stand together and are then read at once.
class Strings {
public:
    Strings(std::int32_t tid, const std::vector<std::uint64_t>& pointers) : m_tid(tid)
    {
        if (pointers.empty()) return;
        const auto [low, high] = std::minmax_element(pointers.begin(), pointers.end());
        if (*high - *low > kLargestBlock) return;
        m_begin = *low;
        m_block.resize(static_cast<std::size_t>(*high - *low) + kPage);
        m_block.resize(readSome(tid, m_begin, m_block.data(), m_block.size()));
    }

    [[nodiscard]] std::optional<std::string> at(std::uint64_t pointer, std::size_t limit) const
    {
        const std::uint64_t offset = pointer - m_begin;
        if (pointer >= m_begin && offset < m_block.size()) {
            const std::size_t end = m_block.find('\0', static_cast<std::size_t>(offset));
            if (end != std::string::npos) {
                const std::size_t length = end - static_cast<std::size_t>(offset);
                return m_block.substr(static_cast<std::size_t>(offset), std::min(length, limit));
            }
        }
        return readString(m_tid, pointer, limit);
    }

private:
    std::int32_t m_tid;
    std::uint64_t m_begin = 0;
    std::string m_block;
};

std::string readLinkText(const char* path)
{
    std::array<char, 4096> text{};
    const ssize_t length = ::readlink(path, text.data(), text.size());
    return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : std::string();
}

int openInside(int root, const std::string& path, bool followLast)
{
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC | (followLast ? 0U : static_cast<unsigned>(O_NOFOLLOW));
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    // EAGAIN: somewhere on the machine something was renamed while ".." was walked. See openat2(2).
    constexpr int kMostTries = 1000;
    int opened = -1;
    for (int tries = 0; tries < kMostTries; ++tries) {
        opened = static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how));
        if (opened >= 0 || errno != EAGAIN) break;
    }
    return opened;
}

/// The path of an open file. The mask of a denied file is a removed one, of which the kernel says so in the name.
std::string pathOfDescriptor(int fd)
{
    char link[40];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return linkedPath(link);
}

/// A path that does not exist as a whole: where the kernel stops.
struct Missing {
    std::string path;      ///< The deepest existing folder, resolved, with the rest behind it.
    bool early = false;    ///< It stops before the last part.
    std::string dangling;  ///< Not empty: a link stands at the stop; its target, absolute, with the rest behind it.
};

Missing whereItStops(int root, const std::string& clean, bool followLast)
{
    std::string head = clean;
    std::string rest;
    UniqueFd folder;
    while (!(folder = UniqueFd(openInside(root, parentPath(head), true))) && parentPath(head) != "/") {
        rest = "/" + fileName(head) + rest;
        head = parentPath(head);
    }
    Missing missing;
    missing.path = clean;
    missing.early = !rest.empty();
    if (!folder) return missing;
    const std::string around = pathOfDescriptor(folder.get());
    if (!isAbsolutePath(around)) return missing;
    missing.path = joinPath(around, fileName(head)) + rest;
    if (rest.empty() && !followLast) return missing;
    std::array<char, 4096> target{};
    const ssize_t length = ::readlinkat(folder.get(), fileName(head).c_str(), target.data(), target.size());
    // Links of /proc have no target text that could be followed.
    if (length > 0 && !isAtOrBelow(around, "/proc"))
        missing.dangling = joinPath(around, std::string(target.data(), static_cast<std::size_t>(length))) + rest;
    return missing;
}

/// The number of thread `tid` in its own pid namespace; empty when it is gone.
std::string ownNumber(std::int32_t tid)
{
    char path[48];
    std::snprintf(path, sizeof path, "/proc/%d/status", tid);
    const UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
    std::array<char, 4096> text{};
    if (!file || ::read(file.get(), text.data(), text.size() - 1) <= 0) return {};
    const char* line = std::strstr(text.data(), "\nNStgid:");
    if (line == nullptr) return {};
    const std::string numbers(line + 1, std::strcspn(line + 1, "\n"));
    return numbers.substr(numbers.find_last_of("\t ") + 1);
}

/// What stands at the same place in the sandbox as in the link of /proc; empty when that is something else, e.g. a file
/// of the host behind standard input.
std::string sameInside(int root, const char* link)
{
    const UniqueFd real(::open(link, O_PATH | O_CLOEXEC));
    if (!real) return {};
    std::string path = pathOfDescriptor(real.get());
    if (!isAbsolutePath(path)) return {};
    const UniqueFd inside(openInside(root, path, true));
    struct stat one {};
    struct stat other {};
    const bool same = inside && ::fstat(real.get(), &one) == 0 && ::fstat(inside.get(), &other) == 0 &&
                      one.st_dev == other.st_dev && one.st_ino == other.st_ino;
    return same ? path : std::string();
}

}  // namespace

bool readMemory(std::int32_t tid, std::uint64_t address, void* into, std::size_t length)
{
    return readSome(tid, address, into, length) == length;
}

std::optional<std::string> readString(std::int32_t tid, std::uint64_t address, std::size_t limit)
{
    constexpr std::size_t kUsual = 256;  // Most paths are shorter, and few bytes are read faster.
    std::array<char, kPage> part;        // NOLINT: to clear it takes as long as to read a path
    std::string text;
    for (std::size_t ask = kUsual; text.size() < limit; ask = kPage) {
        const std::size_t wanted = std::min(limit - text.size(), ask);
        const std::size_t length = readSome(tid, address, part.data(), wanted);
        const char* end = length == 0 ? nullptr : static_cast<const char*>(std::memchr(part.data(), 0, length));
        text.append(part.data(), end != nullptr ? static_cast<std::size_t>(end - part.data()) : length);
        if (end != nullptr) return text;
        if (length < wanted) return std::nullopt;
        address += length;
    }
    return text;
}

std::string readTextList(std::int32_t tid, std::uint64_t address, bool names)
{
    const std::vector<std::uint64_t> pointers = readPointers(tid, address);
    const Strings strings(tid, pointers);
    std::string list = "[";
    for (std::size_t i = 0; i < pointers.size(); ++i) {
        if (i > 0) list += ',';
        if (i == kMostEntries || list.size() > kMostListBytes) {
            list += "\"…\"";
            break;
        }
        std::optional<std::string> text = strings.at(pointers[i], kMostListBytes);
        if (!text) {
            if (i > 0) list.pop_back();
            break;
        }
        if (names) text->resize(std::min(text->size(), text->find('=')));
        list += jsonQuote(*text);
    }
    return list + "]";
}

std::string describeAddress(const void* bytes, std::size_t length)
{
    sa_family_t family = 0;
    if (length < sizeof family) return {};
    std::memcpy(&family, bytes, sizeof family);
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (family == AF_INET && length >= sizeof(sockaddr_in)) {
        sockaddr_in address{};
        std::memcpy(&address, bytes, sizeof address);
        ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
        return std::string(text.data()) + ":" + std::to_string(ntohs(address.sin_port));
    }
    constexpr std::size_t kShortestV6 = 24;  // without sin6_scope_id, as the kernel accepts
    if (family == AF_INET6 && length >= kShortestV6) {
        sockaddr_in6 address{};
        std::memcpy(&address, bytes, std::min(length, sizeof address));
        ::inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
        return "[" + std::string(text.data()) + "]:" + std::to_string(ntohs(address.sin6_port));
    }
    if (family == AF_UNIX && length > sizeof family) {
        const std::string name(static_cast<const char*>(bytes) + sizeof family,
                               std::min(length - sizeof family, sizeof(sockaddr_un::sun_path)));
        if (name.front() == '\0') return "unix:@" + name.substr(1);
        return "unix:" + name.substr(0, name.find('\0'));
    }
    return {};
}

std::string readAddress(std::int32_t tid, std::uint64_t address, std::uint64_t length)
{
    std::array<char, sizeof(sockaddr_storage)> bytes{};
    const std::size_t take = std::min<std::size_t>(static_cast<std::uint32_t>(length), bytes.size());
    if (address == 0 || take == 0 || !readMemory(tid, address, bytes.data(), take)) return {};
    return describeAddress(bytes.data(), take);
}

std::string linkedPath(const char* link)
{
    constexpr std::string_view kRemoved = " (deleted)";
    std::string path = readLinkText(link);
    struct stat info {};
    if (path.ends_with(kRemoved) && ::stat(link, &info) == 0 && info.st_nlink == 0)
        path.resize(path.size() - kRemoved.size());
    return path;
}

std::string folderOf(std::int32_t tid, std::int32_t descriptor)
{
    char link[48];
    if (descriptor == AT_FDCWD) std::snprintf(link, sizeof link, "/proc/%d/cwd", tid);
    else std::snprintf(link, sizeof link, "/proc/%d/fd/%d", tid, descriptor);
    return linkedPath(link);
}

std::string withoutOwnNames(std::int32_t tid, int root, const std::string& path)
{
    static constexpr std::pair<std::string_view, std::string_view> kDeviceNames[] = {
        {"/dev/fd/", "fd/"},     {"/dev/stdin", "fd/0"}, {"/dev/stdout", "fd/1"},
        {"/dev/stderr", "fd/2"}, {"/proc/self/", ""},    {"/proc/thread-self/", ""}};
    const std::string clean = normalizedPath(path);
    for (const auto& [name, meaning] : kDeviceNames) {
        if (!clean.starts_with(name)) continue;
        const std::string own = std::string(meaning) + clean.substr(name.size());
        // The links of a process: one component, two for descriptors.
        const bool descriptor = own.starts_with("fd/");
        const std::size_t slash = own.find('/', descriptor ? 3 : 0);
        const std::string head = own.substr(0, slash);
        const std::string rest = slash == std::string::npos ? "" : own.substr(slash);
        if (head == "root") return rest.empty() ? "/" : rest;
        if (descriptor || head == "cwd" || head == "exe") {
            const std::string link = "/proc/" + std::to_string(tid) + "/" + head;
            const std::string target = sameInside(root, link.c_str());
            return target.empty() ? path : target + rest;
        }
        const std::string number = ownNumber(tid);
        return number.empty() ? path : "/proc/" + number + "/" + own;
    }
    return path;
}

OpenedInside openPathInside(int root, const std::string& path, bool followLast)
{
    constexpr int kMostLinks = 40;  // As many as the kernel follows.
    OpenedInside result;
    InsideObject& object = result.object;
    std::string wanted = path;
    for (int links = 0;; ++links) {
        UniqueFd found(openInside(root, wanted, followLast));
        if (found) {
            object.path = wanted;
            if (std::string resolved = pathOfDescriptor(found.get()); isAbsolutePath(resolved))
                object.path = std::move(resolved);
            struct stat info {};
            object.exists = ::fstat(found.get(), &info) == 0;
            object.mode = info.st_mode;
            object.uid = info.st_uid;
            object.gid = info.st_gid;
            // Only what the path itself leads to; behind a link that dangles for the sandboxee's kernel is nothing.
            if (links == 0) result.handle = std::move(found);
            return result;
        }
        if (links == 0) object.error = errno;
        const Missing missing = whereItStops(root, normalizedPath(wanted), followLast);
        object.path = missing.path;
        object.folderMissing = missing.early;
        object.unknown = isAtOrBelow(missing.path, "/proc") && object.error == ELOOP;
        if (missing.dangling.empty() || links == kMostLinks) return result;
        wanted = missing.dangling;
    }
}

InsideObject lookUpInside(int root, const std::string& path, bool followLast)
{
    return openPathInside(root, path, followLast).object;
}

}  // namespace belljar::linux_platform
