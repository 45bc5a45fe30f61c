// Base profiles: files that a profile names, which may stand where sandboxes have written.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>

#include "core/base/path_text.h"
#include "core/platform/platform.h"
#include "core/platform/posix/errno_text.h"
#include "core/platform/posix/unique_fd.h"
#include "core/platform/posix/writable_memory.h"

namespace belljar {
namespace {

constexpr std::size_t kLargestLayer = std::size_t{4} << 20U;
constexpr int kMostLinks = 40;

Error unreadable(const std::string& path, std::string why, std::string hint = {})
{
    return {ErrorCode::malformedRequest, "the base profile cannot be read", path, std::move(why), std::move(hint)};
}

bool isBelowAny(const std::vector<std::string>& folders, const std::string& path)
{
    return std::any_of(folders.begin(), folders.end(),
                       [&](const std::string& folder) { return isAtOrBelow(path, folder); });
}

/// `path` without links; an error at the first that stands where a sandbox could write.
Result<std::string> withoutLinks(const std::string& path, const std::vector<std::string>& writable)
{
    std::vector<std::string> pending = pathComponents(path);
    std::reverse(pending.begin(), pending.end());
    std::string at = "/";
    for (int links = 0; !pending.empty();) {
        const std::string part = pending.back();
        pending.pop_back();
        if (part == ".") continue;
        if (part == "..") {
            at = parentPath(at);
            continue;
        }
        const std::string next = joinPath(at, part);
        struct stat info {};
        if (::lstat(next.c_str(), &info) != 0) return unreadable(path, errnoText(errno));
        if (!S_ISLNK(info.st_mode)) {
            at = next;
            continue;
        }
        if (isBelowAny(writable, next))
            return unreadable(path, "a symbolic link on the way stands in a folder that a sandbox could write: " + next,
                              "name the file that is meant");
        std::string target(PATH_MAX, '\0');
        const ssize_t length = ::readlink(next.c_str(), target.data(), target.size());
        if (length < 0 || ++links > kMostLinks) return unreadable(path, errnoText(length < 0 ? errno : ELOOP));
        target.resize(static_cast<std::size_t>(length));
        if (isAbsolutePath(target)) at = "/";
        std::vector<std::string> parts = pathComponents(target);
        pending.insert(pending.end(), parts.rbegin(), parts.rend());
    }
    return at;
}

}  // namespace

Result<LayerFile> readLayerFile(const std::string& path)
{
    const std::vector<std::string> writable = WritableMemory::ofUser().load();
    Result<std::string> canonical = withoutLinks(path, writable);
    if (!canonical) return std::move(canonical).error();
    LayerFile layer;
    layer.path = std::move(canonical).value();
    layer.isSuspect = isBelowAny(writable, layer.path);
    const UniqueFd file(::open(layer.path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW));
    struct stat info {};
    if (!file || ::fstat(file.get(), &info) != 0) return unreadable(path, errnoText(errno));
    if (!S_ISREG(info.st_mode)) return unreadable(path, "it is no regular file");
    char part[16384];
    for (ssize_t length = 0; (length = ::read(file.get(), part, sizeof part)) != 0;) {
        if (length < 0) return unreadable(path, errnoText(errno));
        layer.text.append(part, static_cast<std::size_t>(length));
        if (layer.text.size() > kLargestLayer) return unreadable(path, "it is larger than 4 MiB");
    }
    return layer;
}

}  // namespace belljar
