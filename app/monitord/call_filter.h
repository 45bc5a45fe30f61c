// The system calls that are left to belljar-monitord once it serves.
#pragma once

#include "core/base/result.h"

namespace belljar::monitord {

/// Any other call ends the process. No file, program or socket can be opened or made any more, no memory made
/// executable, no program loaded into the kernel or attached; of bpf(2) only the work with maps is left.
Result<void> installCallFilter();

}  // namespace belljar::monitord
