#include "core/platform/linux/syscall_names.h"

#include <seccomp.h>

#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>

#include "core/platform/linux/syscall_table.h"

namespace belljar::linux_platform {
namespace {

/// Numbers go on together on all architectures; those of the newest kernels are below this.
constexpr int kHighestNumber = 600;
/// Between them they have every call that any architecture has.
constexpr std::array<std::uint32_t, 4> kArchitectures{SCMP_ARCH_X86_64, SCMP_ARCH_AARCH64, SCMP_ARCH_X86,
                                                      SCMP_ARCH_ARM};

struct Free {
    void operator()(char* text) const { std::free(text); }  // NOLINT: libseccomp's
};

}  // namespace

std::vector<SystemCallFacts> closedSystemCalls()
{
    std::vector<SystemCallFacts> calls;
    for (const CallRow& row : callTable()) {
        const bool always = row.shape == CallShape::refuse && !row.when && !row.when2;
        if (always) calls.push_back({row.name, true, row.refuseWith});
    }
    return calls;
}

std::vector<SystemCallFacts> systemCallNames()
{
    std::map<std::string, SystemCallFacts> calls;
    for (const std::uint32_t architecture : kArchitectures) {
        for (int number = 0; number < kHighestNumber; ++number) {
            const std::unique_ptr<char, Free> name(seccomp_syscall_resolve_num_arch(architecture, number));
            if (!name || calls.contains(name.get())) continue;
            calls[name.get()] = {name.get(), seccomp_syscall_resolve_name(name.get()) >= 0, 0};
        }
    }
    for (SystemCallFacts& call : closedSystemCalls()) calls[call.name] = std::move(call);
    std::vector<SystemCallFacts> sorted;
    sorted.reserve(calls.size());
    for (auto& [name, call] : calls) sorted.push_back(std::move(call));
    return sorted;
}

}  // namespace belljar::linux_platform
