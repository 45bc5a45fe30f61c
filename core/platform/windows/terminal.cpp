#include <io.h>

#include "core/platform/platform.h"

namespace belljar {

bool isTerminal(int stream)
{
    return ::_isatty(stream) != 0;
}

}  // namespace belljar
