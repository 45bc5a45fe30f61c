// What the programs in the kernel do at the end of each system call, derived from the call table that the filter is
// made of, and the calls that only they watch: those that are too frequent, or too late, for a notification.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/event.h"
#include "core/platform/linux/kernel/record.h"
#include "core/platform/linux/syscall_table.h"

namespace belljar::linux_platform {

/// A call that only the kernel source watches.
struct KernelCallRow {
    int number = 0;
    const char* name = "";
    EventKind kind = EventKind::processSignal;
    BelljarCallRule rule{};
};

/// How one call number of one ABI is decoded: by rows of the call table, or by one of ours.
struct KernelCall {
    std::vector<const CallRow*> rows;
    const KernelCallRow* own = nullptr;
    [[nodiscard]] bool empty() const { return rows.empty() && own == nullptr; }
};

/// `compat`: the 32-bit ABI of this machine. An empty one for numbers that are not watched.
[[nodiscard]] const KernelCall& kernelCall(bool compat, unsigned number);

/// The whole table: kCallNumbers of the native ABI, then as many of the 32-bit ABI.
[[nodiscard]] std::vector<BelljarCallRule> kernelCallRules();

/// True when the arguments pass the row's own conditions.
[[nodiscard]] bool matches(const CallRow& row, const std::uint64_t* arguments);

}  // namespace belljar::linux_platform
