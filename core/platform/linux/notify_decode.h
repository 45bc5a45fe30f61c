// From one notification to one event: reads the arguments the call table names and says what the call is about and how
// it will end. Everything that is read is hostile.
#pragma once

#include <linux/seccomp.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/model/event.h"
#include "core/platform/linux/notify_lookup.h"
#include "core/platform/linux/process_table.h"
#include "core/platform/linux/syscall_table.h"

namespace belljar::linux_platform {

struct DecodedCall {
    EventKind kind = EventKind::fileStat;
    std::string object;
    std::string detail;
    std::int32_t result = kResultUnknown;
    ResultTrust trust = ResultTrust::unknown;
};

/// Who calls, and what is known of the sandbox.
struct CallScene {
    std::int32_t tid = 0;
    ProcessEntry& process;
    ProcessTable& processes;
    TreeView& tree;
    int root = -1;  ///< O_PATH descriptor of the sandbox's "/".
    std::chrono::steady_clock::time_point now;
};

/// The row that a notification belongs to: its number and, for conditional rows, its arguments; nullptr for none.
[[nodiscard]] const CallRow* rowOf(const seccomp_data& call);

/// Reads the caller's arguments. nullopt when the call is of no interest after all (sendmsg without an address) or its
/// memory cannot be read. What the call is about to change is noted in `scene`.
[[nodiscard]] std::optional<DecodedCall> decodeCall(const CallRow& row, const seccomp_data& call, CallScene& scene);

}  // namespace belljar::linux_platform
