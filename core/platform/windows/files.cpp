// Whole files: reading with a bound, replacing in one step.
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <random>

#include <spdlog/fmt/fmt.h>

#include "core/platform/platform.h"

namespace belljar {
namespace {

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

Error fileError(const char* what, const std::string& path, int number)
{
    std::string native = number == 0 ? std::string() : fmt::format("errno {}: {}", number, std::strerror(number));
    if (number == ENOENT) native = "ENOENT: no such file or directory";
    if (number == EACCES) native = "EACCES: permission denied";
    return {ErrorCode::backendError, what, path, std::move(native), {}};
}

/// A new file beside `path` that nobody else has open.
File openTemporary(const std::string& path, std::string& name)
{
    std::random_device random;
    name = fmt::format("{}.{:08x}{:08x}.belljar", path, random(), random());
    int descriptor = -1;
    if (_sopen_s(&descriptor, name.c_str(), _O_CREAT | _O_EXCL | _O_WRONLY | _O_BINARY, _SH_DENYRW,
                 _S_IREAD | _S_IWRITE) != 0)
        return nullptr;
    return File(_fdopen(descriptor, "wb"));
}

}  // namespace

Result<std::string> readFile(const std::string& path, std::size_t limit)
{
    std::error_code failure;
    if (std::filesystem::is_directory(path, failure)) return fileError("this is a folder, not a file", path, 0);
    errno = 0;
    const File file(std::fopen(path.c_str(), "rb"));
    if (!file) return fileError("the file cannot be read", path, errno);
    std::string text;
    char part[16384];
    while (const std::size_t length = std::fread(part, 1, sizeof part, file.get())) {
        if (text.size() + length > limit) {
            Error error = fileError("the file is too large", path, EFBIG);
            error.hint = fmt::format("at most {} MiB are read", limit >> 20U);
            return error;
        }
        text.append(part, length);
    }
    if (std::ferror(file.get()) != 0) return fileError("the file cannot be read", path, errno);
    return text;
}

Result<void> writeFile(const std::string& path, std::string_view content)
{
    std::string temporary;
    errno = 0;
    File file = openTemporary(path, temporary);
    if (!file) return fileError("the file cannot be written", path, errno);
    const bool written = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size() &&
                         std::fflush(file.get()) == 0 && _commit(_fileno(file.get())) == 0;
    const int number = errno;
    file.reset();
    std::error_code failure;
    if (written) std::filesystem::rename(temporary, path, failure);
    if (written && !failure) return {};
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    return fileError("the file cannot be written", path, failure ? failure.value() : number);
}

Result<LayerFile> readLayerFile(const std::string& path)
{
    constexpr std::size_t kLargestLayer = std::size_t{4} << 20U;
    std::error_code failure;
    const std::filesystem::path canonical = std::filesystem::canonical(path, failure);
    if (failure || !std::filesystem::is_regular_file(canonical, failure))
        return fileError("the base profile cannot be read: it is no file", path, 0);
    Result<std::string> text = readFile(canonical.string(), kLargestLayer);
    if (!text) return std::move(text).error();
    return LayerFile{canonical.string(), std::move(text).value(), false};
}

}  // namespace belljar
