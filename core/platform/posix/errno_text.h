// An errno value in the words that Error::native uses: "ENOENT: No such file or directory".
#pragma once

#include <cstring>
#include <string>

namespace belljar {

[[nodiscard]] inline std::string errnoText(int error)
{
#ifdef __GLIBC__
    const char* name = ::strerrorname_np(error);
#else
    const char* name = nullptr;
#endif
    return (name != nullptr ? std::string(name) : "errno " + std::to_string(error)) + ": " + std::strerror(error);
}

}  // namespace belljar
