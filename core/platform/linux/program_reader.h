// Looks into a program file: its kind, what the kernel starts with it, its hash.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/model/program_facts.h"

namespace belljar::linux_platform {

/// See HostFacts::program(). Waits some milliseconds for a file that was changed in this moment, because its time of
/// change could not tell another change; gives up on one that changes all the time.
[[nodiscard]] Result<ProgramFacts> readProgram(const std::string& path, bool withHash);

}  // namespace belljar::linux_platform
