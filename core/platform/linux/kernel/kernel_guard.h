// Loads and attaches the LSM half of the programs in the kernel: it refuses what a session forbids by object, and sees
// what io_uring does. Many kernels refuse it (no `bpf` among the LSMs, no trampolines); the other half works without.
#pragma once

#include <cstdint>
#include <memory>

#include "core/base/result.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

class KernelGuard {
public:
    /// Descriptors of the maps that both halves use.
    struct SharedMaps {
        int sessions = -1;
        int hints = -1;
        int rings = -1;
        int counters = -1;
        int refusals = -1;
    };

    /// A trial: the error says why this kernel does not take it.
    [[nodiscard]] static Result<std::unique_ptr<KernelGuard>> load(const SharedMaps& shared);
    ~KernelGuard();
    KernelGuard(const KernelGuard&) = delete;
    KernelGuard& operator=(const KernelGuard&) = delete;

    /// A new, empty table of what the session in `slot` forbids. Its holder changes it while the session runs, through
    /// object_policy.h; a change holds for the next open or exec.
    [[nodiscard]] Result<UniqueFd> makePolicy(std::uint32_t slot) const;
    void forget(std::uint32_t slot) const;

private:
    struct Impl;
    explicit KernelGuard(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace belljar::linux_platform
