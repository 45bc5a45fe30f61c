#include "core/events/recording_file.h"

#include <cerrno>
#include <filesystem>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>
#endif

#include <spdlog/fmt/fmt.h>

#include "core/events/event_table.h"

namespace belljar {
namespace {

/// nullptr with errno set.
std::FILE* openNew(const std::string& path)
{
#ifdef _WIN32
    // The C library of Windows does not know "x".
    int descriptor = -1;
    if (_sopen_s(&descriptor, path.c_str(), _O_CREAT | _O_EXCL | _O_WRONLY | _O_BINARY, _SH_DENYWR,
                 _S_IREAD | _S_IWRITE) != 0)
        return nullptr;
    return _fdopen(descriptor, "wb");
#else
    std::FILE* file = std::fopen(path.c_str(), "wbx");
    if (file == nullptr) return nullptr;
    // Nothing is written yet, so only the name was to be seen until here.
    std::error_code failure;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                 failure);
    return file;
#endif
}

}  // namespace

Error fileError(const std::string& path, std::string message, int number)
{
    return {ErrorCode::backendError, std::move(message), path, fmt::format("{} ({})", errnoName(number), number), {}};
}

Result<FilePointer> makeNewFile(const std::string& path, std::string_view what)
{
    errno = 0;
    if (FilePointer file{openNew(path)}) return file;
    const int number = errno;
    if (number != EEXIST) return fileError(path, fmt::format("{} cannot be made", what), number);
    Error error = fileError(path, fmt::format("{} exists already", what), number);
    error.hint = "Choose another name; Belljar never overwrites it.";
    return error;
}

}  // namespace belljar
