// The seccomp program of a sandbox, built from the call table with libseccomp.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/model/launch_plan.h"

namespace belljar::linux_platform {

/// The classic BPF program (an array of struct sock_filter) for `plan`; empty when nothing is to be filtered. Foreign
/// system-call ABIs (i386, x32) get ENOSYS. Where
/// `plan.needsListener()`, it has to be installed with one (SECCOMP_FILTER_FLAG_NEW_LISTENER).
[[nodiscard]] Result<std::string> buildSyscallFilter(const SyscallFilterPlan& plan);

/// The name under which `plan.deny` denies this call, or nullptr. Such a call gets EPERM, whatever else is said of it.
[[nodiscard]] const std::string* deniedCall(const SyscallFilterPlan& plan, int number);

/// The same program, without building it where the build of Belljar has done so (filter_generator.cpp).
[[nodiscard]] Result<std::string> syscallFilter(const SyscallFilterPlan& plan);

}  // namespace belljar::linux_platform
