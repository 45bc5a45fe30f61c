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
    /// Loads and attaches: some 70 ms. The error is one sentence why this machine, build or user cannot.
    [[nodiscard]] static Result<std::unique_ptr<KernelPrograms>> load();
    ~KernelPrograms();
    KernelPrograms(const KernelPrograms&) = delete;
    KernelPrograms& operator=(const KernelPrograms&) = delete;

    /// Makes what a session needs and gives it to the programs, in a slot of its own below kMostSessions. Waits some
    /// 20 ms for the kernel; slots are independent of each other, in other threads and processes, too.
    [[nodiscard]] Result<KernelSession> prepareSession(std::uint32_t slot) const;
    /// Watches the sandbox whose pid namespace has this inode number into the slot's ring, from the first program that
    /// anybody but its process 1 starts. Waits for nothing. The caller keeps the namespace alive until
    /// forgetSandbox(). Not for two threads or processes at once, like that. ErrorCode::alreadyStarted: it is watched
    /// already.
    [[nodiscard]] Result<void> beginSession(std::uint32_t slot, std::uint32_t pidNamespace, TraceLevel level) const;

    /// Ends the slot's session, if it has one; its ring stays readable for who holds it.
    void endSession(std::uint32_t slot) const;
    /// The parts of endSession(): forgetSandbox(), clearSlot(), forgetSandbox(). Clearing waits for programs that still
    /// run, as long as preparing does, and may run beside anything of other slots.
    void forgetSandbox(std::uint32_t slot) const;
    void clearSlot(std::uint32_t slot) const;

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
