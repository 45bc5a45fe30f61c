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
};

}  // namespace belljar::linux_platform
