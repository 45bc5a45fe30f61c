#include "core/platform/linux/syscall_filter.h"

#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "core/platform/linux/syscall_table.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {
namespace {

struct FilterDeleter {
    void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, FilterDeleter>;

Error filterError(const std::string& what, int negativeErrno)
{
    return {ErrorCode::backendError,
            "the system-call filter could not be built: " + what,
            {},
            std::strerror(-negativeErrno),
            "this is a defect of Belljar or of libseccomp; please report it"};
}

/// ENOSYS and ENOPROTOOPT refusals stay in the kernel: they are no attempt at anything, only a missing feature (clone3
/// is called for every thread).
bool isReported(const CallRow& row, const SyscallFilterPlan& plan)
{
    const bool watched = plan.watch != FilterWatch::none && plan.watch >= row.level;
    if (row.shape != CallShape::refuse) return watched || (plan.guardsSockets() && namesAddress(row.shape));
    return watched && row.refuseWith != ENOSYS && row.refuseWith != ENOPROTOOPT;
}

int addRow(scmp_filter_ctx filter, const CallRow& row, const SyscallFilterPlan& plan)
{
    if (deniedCall(plan, row.number) != nullptr) return 0;  // addDenials() closes it altogether
    const bool refuse = row.shape == CallShape::refuse;
    if (row.inOwnNetwork && (plan.hostNetwork || plan.opensEchoes)) return 0;
    if (row.nesting != Nesting::none && plan.nestsSandboxes != (row.nesting == Nesting::replaces)) return 0;
    if (row.shape == CallShape::sendMessage && plan.nestsSandboxes) return 0;
    if (refuse ? !plan.closeDangerous : !isReported(row, plan)) return 0;
    const std::uint32_t action =
        isReported(row, plan) ? SCMP_ACT_NOTIFY : SCMP_ACT_ERRNO(static_cast<std::uint32_t>(row.refuseWith));
    std::vector<scmp_arg_cmp> tests;
    for (const std::optional<ArgumentTest>& when : {row.when, row.when2})
        if (when) tests.push_back({when->argument, SCMP_CMP_MASKED_EQ, when->mask, when->value});
    if (row.shape == CallShape::sendTo) tests.push_back({static_cast<unsigned>(row.path), SCMP_CMP_NE, 0, 0});
    return seccomp_rule_add_array(filter, action, row.number, static_cast<unsigned>(tests.size()), tests.data());
}

/// EPERM, whatever the arguments.
Result<void> addDenials(scmp_filter_ctx filter, const SyscallFilterPlan& plan)
{
    for (const std::string& name : plan.deny) {
        const int number = seccomp_syscall_resolve_name(name.c_str());
        const std::uint32_t action = plan.watch != FilterWatch::none ? SCMP_ACT_NOTIFY : SCMP_ACT_ERRNO(EPERM);
        const int error = number < 0 ? -ENOSYS : seccomp_rule_add(filter, action, number, 0);
        if (error < 0 && error != -EEXIST) return filterError(name, error);
    }
    return {};
}

Result<void> addMemoryFiles(scmp_filter_ctx filter, const SyscallFilterPlan& plan)
{
    constexpr std::uint64_t kNoExecSeal = 8;  // MFD_NOEXEC_SEAL, Linux 6.3
    const int number = SCMP_SYS(memfd_create);
    if (!plan.sealMemoryFiles || deniedCall(plan, number) != nullptr) return {};
    const int error =
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 1, SCMP_A1(SCMP_CMP_MASKED_EQ, kNoExecSeal, 0));
    if (error < 0) return filterError("memfd_create", error);
    return {};
}

Result<std::string> exportProgram(scmp_filter_ctx filter)
{
    const UniqueFd file(memfd_create("belljar-filter", MFD_CLOEXEC));
    if (!file) return filterError("memfd_create", -errno);
    if (const int error = seccomp_export_bpf(filter, file.get()); error < 0) return filterError("export", error);
    const off_t size = lseek(file.get(), 0, SEEK_END);
    std::string program(static_cast<std::size_t>(size), '\0');
    if (pread(file.get(), program.data(), program.size(), 0) != size) return filterError("read back", -errno);
    return program;
}

}  // namespace

const std::string* deniedCall(const SyscallFilterPlan& plan, int number)
{
    const auto found = std::find_if(plan.deny.begin(), plan.deny.end(), [&](const std::string& name) {
        return number >= 0 && seccomp_syscall_resolve_name(name.c_str()) == number;
    });
    return found == plan.deny.end() ? nullptr : &*found;
}

Result<std::string> buildSyscallFilter(const SyscallFilterPlan& plan)
{
    if (plan.watch == FilterWatch::none && !plan.closeDangerous && plan.deny.empty() && !plan.sealMemoryFiles)
        return std::string();
    const Filter filter(seccomp_init(SCMP_ACT_ALLOW));
    if (!filter) return filterError("init", -ENOMEM);
    seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
    seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);  // binary tree; an error only costs speed
    for (const CallRow& row : callTable()) {
        const int error = addRow(filter.get(), row, plan);
        if (error < 0 && error != -EEXIST) return filterError(row.name, error);
    }
    if (Result<void> added = addDenials(filter.get(), plan); !added) return std::move(added).error();
    if (Result<void> added = addMemoryFiles(filter.get(), plan); !added) return std::move(added).error();
    return exportProgram(filter.get());
}

}  // namespace belljar::linux_platform
