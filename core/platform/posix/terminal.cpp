#include <fcntl.h>
#include <termios.h>
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

bool isRawTerminal(int stream)
{
    termios settings{};
    return ::tcgetattr(stream, &settings) == 0 && (settings.c_oflag & OPOST) == 0;
}

}  // namespace belljar
