// Loads and attaches the eBPF programs that watch sandboxes, and makes sessions of theirs. Needs CAP_BPF and
// CAP_PERFMON. Whether a kernel takes them is found out by trying, never by reading lists.
//
// Nothing here reads events: a KernelSession is all that ring_source.h needs, in this process or another. The programs
// stay attached as long as the object lives; sessions are independent of each other.
#pragma once

#include <cstdint>
#include <memory>

#include "core/base/result.h"
#include "core/model/launch_plan.h"
#include "core/platform/linux/kernel/kernel_session.h"

namespace belljar::linux_platform {

/// 50,000 to 100,000 records: a second or two of 50,000 a second. Allocating it is a part of what a session costs.
inline constexpr std::size_t kRingBytes = 16U << 20U;

class KernelPrograms {
public:
    /// Loads and attaches: about 0.1 s. The error is one sentence why this machine, build or user cannot.
    [[nodiscard]] static Result<std::unique_ptr<KernelPrograms>> load();
    ~KernelPrograms();
    KernelPrograms(const KernelPrograms&) = delete;
    KernelPrograms& operator=(const KernelPrograms&) = delete;

    /// Watches the sandbox whose pid namespace has this inode number, from the first program that anybody but its
    /// process 1 starts. The caller keeps the namespace alive until endSession(), and gives each session of the same
    /// programs a slot of its own, below kMostSessions. Not for two threads or processes at once, like endSession().
    /// ErrorCode::alreadyStarted: it is watched already.
    [[nodiscard]] Result<KernelSession> beginSession(std::uint32_t slot, std::uint32_t pidNamespace, TraceLevel level);
    /// Forgets the slot's session, if it has one; its ring stays readable for who holds it.
    void endSession(std::uint32_t slot);

    /// KernelProgramBits
    [[nodiscard]] std::uint32_t programs() const;
    /// Why the LSM hooks are not among them; empty when they are.
    [[nodiscard]] const std::string& whyNoGuard() const;

private:
    struct Impl;
    explicit KernelPrograms(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// The kernel's number of a map; 0 when it is none.
[[nodiscard]] std::uint32_t mapNumber(int map);

/// Inode number of the pid namespace of process `pid`; 0 when it is gone.
[[nodiscard]] std::uint32_t pidNamespaceOf(std::int32_t pid);

}  // namespace belljar::linux_platform
