// The library that x_watch.cpp becomes, as bytes of ours: there is no file to be found or missed.
#include <sys/mman.h>
#include <unistd.h>

#include "core/platform/linux/display/x_watch.h"

asm(".pushsection .rodata\n"
    "belljarXWatch: .incbin \"" BELLJAR_X_WATCH
    "\"\n"
    "belljarXWatchEnd:\n"
    ".popsection\n");
extern "C" const char belljarXWatch[];
extern "C" const char belljarXWatchEnd[];

namespace belljar::linux_platform {

UniqueFd xWatchLibrary()
{
    UniqueFd file(::memfd_create("belljar-x-watch", MFD_CLOEXEC));
    const auto size = static_cast<std::size_t>(belljarXWatchEnd - belljarXWatch);
    if (!file || ::write(file.get(), belljarXWatch, size) != static_cast<ssize_t>(size)) return {};
    return file;
}

}  // namespace belljar::linux_platform
