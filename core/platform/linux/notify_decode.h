// From one notification to one event: reads the arguments the call table names and says what the call is about.
#pragma once

#include <linux/seccomp.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/model/event.h"
#include "core/platform/linux/syscall_table.h"

namespace belljar::linux_platform {

struct DecodedCall {
    EventKind kind = EventKind::fileStat;
    std::string object;
    std::string detail;
    std::int32_t result = kResultUnknown;
    ResultTrust trust = ResultTrust::unknown;
};

/// The row that a notification belongs to: its number and, for conditional rows, its arguments; nullptr for none.
[[nodiscard]] const CallRow* rowOf(const seccomp_data& call);

/// Reads thread `tid`'s arguments. nullopt when the call is of no interest after all (sendmsg without an address) or
/// its memory cannot be read. `root` is the sandbox's "/".
[[nodiscard]] std::optional<DecodedCall> decodeCall(const CallRow& row, const seccomp_data& call, std::int32_t tid,
                                                    int root);

}  // namespace belljar::linux_platform
