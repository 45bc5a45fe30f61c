#include "core/platform/linux/kernel/kernel_guard.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/platform/linux/kernel/record.h"
#include "guard.skel.h"

namespace belljar::linux_platform {
namespace {

struct GuardDeleter {
    void operator()(guard_bpf* programs) const { guard_bpf__destroy(programs); }
};

Error refused(const char* what, int error)
{
    return {ErrorCode::backendUnavailable, what, {}, std::strerror(error), {}};
}

/// Whether the kernel knows LSM programs at all, which takes libbpf the time of a session's start to find out. This one
/// says nothing of what it is to be attached to: only the verifier, which comes after everything else, minds that, and
/// says so in its log.
Result<void> tryLsmProgram()
{
    constexpr std::array<bpf_insn, 2> kReturnZero{
        {{BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0}, {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}}};
    std::array<char, 4096> log{};
    LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_LSM_MAC, .log_level = 1,
                .log_size = log.size(), .log_buf = log.data());
    const UniqueFd loaded(
        bpf_prog_load(BPF_PROG_TYPE_LSM, nullptr, "GPL", kReturnZero.data(), kReturnZero.size(), &options));
    const int error = errno;
    if (!loaded && log.front() == '\0') return refused("this kernel refuses LSM programs", error);
    return {};
}

}  // namespace

struct KernelGuard::Impl {
    std::unique_ptr<guard_bpf, GuardDeleter> programs;
};

KernelGuard::KernelGuard(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
KernelGuard::~KernelGuard() = default;

Result<std::unique_ptr<KernelGuard>> KernelGuard::load(const SharedMaps& shared)
{
    if (Result<void> known = tryLsmProgram(); !known) return std::move(known).error();
    auto impl = std::make_unique<Impl>();
    impl->programs.reset(guard_bpf__open());
    if (!impl->programs) return refused("the LSM programs could not be read", errno);
    auto& maps = impl->programs->maps;
    const bool reused =
        bpf_map__reuse_fd(maps.sessions, shared.sessions) == 0 && bpf_map__reuse_fd(maps.hints, shared.hints) == 0 &&
        bpf_map__reuse_fd(maps.rings, shared.rings) == 0 && bpf_map__reuse_fd(maps.counters, shared.counters) == 0 &&
        bpf_map__reuse_fd(maps.refusals, shared.refusals) == 0 && bpf_map__set_autocreate(maps.calls, false) == 0;
    if (!reused) return refused("the LSM programs could not be given the maps of the others", errno);
    if (const int error = guard_bpf__load(impl->programs.get()); error != 0)
        return refused("this kernel refuses LSM programs", -error);
    if (const int error = guard_bpf__attach(impl->programs.get()); error != 0)
        return refused("this kernel refuses to attach LSM programs", -error);
    return std::unique_ptr<KernelGuard>(new KernelGuard(std::move(impl)));
}

Result<UniqueFd> KernelGuard::makePolicy(std::uint32_t slot) const
{
    UniqueFd policy(bpf_map_create(BPF_MAP_TYPE_HASH, "belljar_policy", sizeof(BelljarObject), sizeof(std::uint32_t),
                                   kMostRules, nullptr));
    const int number = policy.get();
    if (!policy || bpf_map_update_elem(bpf_map__fd(m_impl->programs->maps.policies), &slot, &number, BPF_ANY) != 0)
        return refused("a table of forbidden objects could not be made", errno);
    return policy;
}

void KernelGuard::forget(std::uint32_t slot) const
{
    bpf_map_delete_elem(bpf_map__fd(m_impl->programs->maps.policies), &slot);
}

}  // namespace belljar::linux_platform
