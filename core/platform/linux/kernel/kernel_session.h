// One session of the programs in the kernel, as descriptors: all that its reader needs. They can be sent over a socket;
// reading the ring takes no privilege, and the programs are not involved.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/model/event_source.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

struct KernelSession {
    UniqueFd ring;      ///< BPF ring buffer of `ringBytes` bytes, to be mapped.
    UniqueFd counters;  ///< Mapped array of one BelljarCounters.
    UniqueFd policy;    ///< Hash of BelljarObject → what is forbidden; none where no LSM programs load.
    std::size_t ringBytes = 0;
    SourceFacts facts;
    /// Hangs up when the process that has loaded the programs is gone, and watching with it; none: it is this one.
    UniqueFd keeper;
};

/// Which programs are loaded, as bits.
enum KernelProgramBits : std::uint32_t {
    kCallEndPrograms = 1,  ///< Ends of system calls, fork, exec, exit.
    kGuardPrograms = 2,    ///< LSM hooks.
};

/// What these programs are and cannot see. `whyNoGuard`: why the LSM hooks are not among them.
[[nodiscard]] SourceFacts kernelFacts(std::uint32_t programs, const std::string& whyNoGuard);

}  // namespace belljar::linux_platform
