#include <array>
#include <span>

#include "core/platform/linux/syscall_filter.h"

namespace belljar::linux_platform {
namespace {

struct ReadyFilter {
    SyscallFilterPlan plan;
    std::span<const std::uint64_t> program;
};

#include "syscall_filters.h"

}  // namespace

Result<std::string> syscallFilter(const SyscallFilterPlan& plan)
{
    for (const ReadyFilter& ready : kReadyFilters) {
        if (ready.plan != plan) continue;
        const auto bytes = std::as_bytes(ready.program);
        return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());  // NOLINT: plain bytes
    }
    return buildSyscallFilter(plan);
}

}  // namespace belljar::linux_platform
