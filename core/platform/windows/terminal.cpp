#include <io.h>

#include "core/platform/platform.h"

namespace belljar {

/// Handles are not given out again by number here.
void openClosedStreams() {}

bool isTerminal(int stream)
{
    return ::_isatty(stream) != 0;
}

bool isRawTerminal(int)
{
    return false;
}

}  // namespace belljar
