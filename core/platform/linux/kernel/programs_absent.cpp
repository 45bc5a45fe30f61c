// Stands for kernel_programs.cpp where the build machine has no clang, bpftool or libbpf.
#include "core/platform/linux/kernel/kernel_programs.h"

namespace belljar::linux_platform {

struct KernelPrograms::Impl {
    std::string none;
};

KernelPrograms::KernelPrograms(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
KernelPrograms::~KernelPrograms() = default;

Result<std::unique_ptr<KernelPrograms>> KernelPrograms::load()
{
    return Error{ErrorCode::backendUnavailable,
                 "not available: built without " BELLJAR_KERNEL_MISSING,
                 {},
                 {},
                 "install it and build Belljar again"};
}

Result<KernelSession> KernelPrograms::prepareSession(std::uint32_t) const
{
    return Error{ErrorCode::backendUnavailable, "not available", {}, {}, {}};
}

Result<void> KernelPrograms::beginSession(std::uint32_t, std::uint32_t, TraceLevel) const
{
    return Error{ErrorCode::backendUnavailable, "not available", {}, {}, {}};
}

void KernelPrograms::endSession(std::uint32_t) const {}
void KernelPrograms::forgetSandbox(std::uint32_t) const {}
void KernelPrograms::clearSlot(std::uint32_t) const {}

std::uint32_t KernelPrograms::programs() const
{
    return 0;
}

const std::string& KernelPrograms::whyNoGuard() const
{
    return m_impl->none;
}

std::uint32_t mapNumber(int)
{
    return 0;
}

std::uint32_t pidNamespaceOf(std::int32_t)
{
    return 0;
}

}  // namespace belljar::linux_platform
