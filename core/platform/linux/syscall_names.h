// The names of all system calls that libseccomp knows, for what a profile may deny.
#pragma once

#include <vector>

#include "core/model/host_facts.h"

namespace belljar::linux_platform {

/// See HostFacts.
[[nodiscard]] std::vector<SystemCallFacts> systemCallNames();
[[nodiscard]] std::vector<SystemCallFacts> closedSystemCalls();

}  // namespace belljar::linux_platform
