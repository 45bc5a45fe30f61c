#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "core/platform/platform.h"

namespace belljar {

void openClosedStreams()
{
    for (int stream = 0; stream < 3; ++stream) {
        if (::fcntl(stream, F_GETFD) >= 0) continue;
        // The lowest free number is this one. Without it nothing may be opened at all.
        if (::open("/dev/null", O_RDWR) != stream) std::abort();
    }
}

bool isTerminal(int stream)
{
    return ::isatty(stream) == 1;
}

}  // namespace belljar
