#include <unistd.h>

#include "core/platform/platform.h"

namespace belljar {

bool isTerminal(int stream)
{
    return ::isatty(stream) == 1;
}

}  // namespace belljar
