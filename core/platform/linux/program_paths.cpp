#include "core/platform/linux/program_paths.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>

#include "core/base/path_text.h"

namespace belljar::linux_platform {
namespace {

std::string findOwn(const std::string& name)
{
    std::array<char, PATH_MAX> self{};
    const ssize_t length = ::readlink("/proc/self/exe", self.data(), self.size());
    if (length <= 0) return {};
    const std::string folder = parentPath(std::string(self.data(), static_cast<std::size_t>(length)));
    for (const std::string& candidate : {folder + "/" + name, parentPath(folder) + "/libexec/belljar/" + name}) {
        if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return {};
}

}  // namespace

std::string findProgram(const std::string& name)
{
    const char* path = std::getenv("PATH");  // NOLINT: read once before threads matter
    std::string rest = path != nullptr ? path : "";
    rest += ":/usr/bin:/bin:/usr/local/bin";
    std::size_t begin = 0;
    while (begin < rest.size()) {
        const std::size_t end = std::min(rest.find(':', begin), rest.size());
        const std::string folder = rest.substr(begin, end - begin);
        begin = end + 1;
        if (!isAbsolutePath(folder)) continue;  // never run what lies in the current folder
        std::string candidate = joinPath(folder, name);
        struct stat info {};
        if (::stat(candidate.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(candidate.c_str(), X_OK) == 0)
            return candidate;
    }
    return {};
}

std::string findShim()
{
    return findOwn("belljar-shim");
}

std::string findDisplayHelper()
{
    return findOwn("belljar-display");
}

}  // namespace belljar::linux_platform
