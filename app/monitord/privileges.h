// How belljar-monitord gives up what it does not need, step by step; nothing here is ever taken back.
#pragma once

#include <string>

#include "core/base/result.h"

namespace belljar::monitord {

/// First of all: becomes the user of that name, or nobody, when we are root, and keeps only what loading programs needs
/// (CAP_BPF, CAP_PERFMON). An error when root's rights cannot be given up; no error when those two are not to be had:
/// loading will say so.
Result<void> keepLoadingRights(const std::string& user);

/// Once the programs are loaded: keeps CAP_BPF, which making maps needs where unprivileged users may not
/// (kernel.unprivileged_bpf_disabled), and closes everything else: files (Landlock), resources (rlimits), and all
/// system calls that serving does not need (seccomp; another one ends the process).
Result<void> keepServingRights();

/// The step that closes files: none can be opened any more, by whatever name. Kernels without Landlock leave it to the
/// filter. False when it was refused.
[[nodiscard]] bool closeFiles();

/// In a worker that has nothing more to make: no rights at all.
void surrenderEverything();

}  // namespace belljar::monitord
