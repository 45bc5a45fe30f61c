// Stands for kernel_programs.cpp where the build machine has no clang, bpftool or libbpf.
#include "core/platform/linux/kernel/kernel_programs.h"

namespace belljar::linux_platform {

struct KernelPrograms::Impl {
    SourceFacts facts;
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

Result<KernelSession> KernelPrograms::beginSession(std::uint32_t, TraceLevel)
{
    return Error{ErrorCode::backendUnavailable, "not available", {}, {}, {}};
}

void KernelPrograms::endSession(std::uint32_t) {}

const SourceFacts& KernelPrograms::facts() const
{
    return m_impl->facts;
}

std::uint32_t pidNamespaceOf(std::int32_t)
{
    return 0;
}

}  // namespace belljar::linux_platform
