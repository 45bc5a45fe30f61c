// Whole files: reading with a bound, replacing atomically.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <spdlog/fmt/fmt.h>

#include "core/base/path_text.h"
#include "core/platform/platform.h"
#include "core/platform/posix/errno_text.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar {
namespace {

Error fileError(const char* what, const std::string& path, int error)
{
    return {ErrorCode::backendError, what, path, errnoText(error), {}};
}

bool writeAll(int fd, std::string_view content)
{
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

Result<std::string> readFile(const std::string& path, std::size_t limit)
{
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return fileError("the file cannot be read", path, errno);
    std::string text;
    struct stat info {};
    if (::fstat(file.get(), &info) == 0 && S_ISDIR(info.st_mode))
        return fileError("this is a folder, not a file", path, EISDIR);
    if (info.st_size > 0) text.reserve(std::min(limit, static_cast<std::size_t>(info.st_size)) + 1);
    char part[16384];
    for (;;) {
        const ssize_t length = ::read(file.get(), part, sizeof part);
        if (length < 0 && errno == EINTR) continue;
        if (length < 0) return fileError("the file cannot be read", path, errno);
        if (length == 0) return text;
        if (text.size() + static_cast<std::size_t>(length) > limit) {
            Error error = fileError("the file is too large", path, EFBIG);
            error.hint = fmt::format("at most {} MiB are read", limit >> 20U);
            return error;
        }
        text.append(part, static_cast<std::size_t>(length));
    }
}

Result<void> writeFile(const std::string& path, std::string_view content)
{
    struct stat old {};
    const mode_t mode = ::stat(path.c_str(), &old) == 0 ? (old.st_mode & 07777U) : 0644U;
    const std::string folder = parentPath(path);
    std::string temporary = (folder.empty() ? "." : folder) + "/.belljar-XXXXXX";
    UniqueFd file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!file) return fileError("the file cannot be written", path, errno);
    const bool written = writeAll(file.get(), content) && ::fchmod(file.get(), mode) == 0 && ::fsync(file.get()) == 0;
    if (!written || ::rename(temporary.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(temporary.c_str());
        return fileError("the file cannot be written", path, error);
    }
    return {};
}

}  // namespace belljar
