#include "core/platform/linux/kernel/kernel_programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/kernel/kernel_calls.h"
#include "core/platform/linux/kernel/kernel_guard.h"
#include "core/platform/linux/kernel/record.h"
#include "watch.skel.h"

namespace belljar::linux_platform {
namespace {

constexpr std::uint32_t kHintBits = 64;

int keepQuiet(libbpf_print_level, const char*, va_list)
{
    return 0;  // what failed is said by our own error
}

Error unavailable(const std::string& what, int error)
{
    Error made{ErrorCode::backendUnavailable, what, {}, std::strerror(error), {}};
    if (error == EPERM || error == EACCES)
        made.hint = "it takes the capabilities CAP_BPF and CAP_PERFMON of the host, which root has";
    return made;
}

struct WatchDeleter {
    void operator()(watch_bpf* programs) const { watch_bpf__destroy(programs); }
};

}  // namespace

struct KernelPrograms::Impl {
    std::unique_ptr<watch_bpf, WatchDeleter> watch;
    std::unique_ptr<KernelGuard> guard;           ///< None where this kernel does not take it.
    std::atomic<std::uint64_t>* hints = nullptr;  ///< One page, shared with the programs.
    std::uint32_t programs = kCallEndPrograms;
    std::string whyNoGuard;

    ~Impl()
    {
        if (hints != nullptr) ::munmap(hints, static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)));
    }

    [[nodiscard]] int map(bpf_map* which) const { return bpf_map__fd(which); }

    Result<void> fillCalls() const
    {
        const std::vector<BelljarCallRule> rules = kernelCallRules();
        for (std::uint32_t index = 0; index < rules.size(); ++index) {
            if (rules[index].work == kWorkNone) continue;
            if (bpf_map_update_elem(map(watch->maps.calls), &index, &rules[index], BPF_ANY) != 0)
                return unavailable("the table of calls could not be given to the kernel", errno);
        }
        return {};
    }

    Result<void> mapHints()
    {
        void* at = ::mmap(nullptr, static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)), PROT_READ | PROT_WRITE,
                          MAP_SHARED, map(watch->maps.hints), 0);
        if (at == MAP_FAILED) return unavailable("memory of the programs in the kernel could not be mapped", errno);
        hints = static_cast<std::atomic<std::uint64_t>*>(at);
        return {};
    }

    /// Ring and counters of a slot, made and given to the programs.
    Result<KernelSession> makeSession(std::uint32_t slot) const
    {
        KernelSession session;
        session.ringBytes = kRingBytes;
        session.facts = kernelFacts(programs, whyNoGuard);
        session.ring.reset(bpf_map_create(BPF_MAP_TYPE_RINGBUF, "belljar_ring", 0, 0, kRingBytes, nullptr));
        LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
        session.counters.reset(bpf_map_create(BPF_MAP_TYPE_ARRAY, "belljar_counts", sizeof(std::uint32_t),
                                              sizeof(BelljarCounters), 1, &options));
        // Frozen: only programs in the kernel can write it, so whoever holds it cannot make losses undone.
        if (!session.ring || !session.counters || bpf_map_freeze(session.counters.get()) != 0)
            return unavailable("a ring for events could not be made", errno);
        const int ring = session.ring.get();
        const int counters = session.counters.get();
        if (bpf_map_update_elem(map(watch->maps.rings), &slot, &ring, BPF_ANY) != 0 ||
            bpf_map_update_elem(map(watch->maps.counters), &slot, &counters, BPF_ANY) != 0)
            return unavailable("a ring for events could not be given to the kernel", errno);
        if (!guard) return session;
        Result<UniqueFd> policy = guard->makePolicy(slot);
        if (!policy) return std::move(policy).error();
        session.policy = std::move(policy).value();
        return session;
    }

    Result<void> loadGuard()
    {
        const auto& maps = watch->maps;
        Result<std::unique_ptr<KernelGuard>> made = KernelGuard::load(
            {map(maps.sessions), map(maps.hints), map(maps.rings), map(maps.counters), map(maps.refusals)});
        if (!made) return std::move(made).error();
        guard = std::move(made).value();
        return {};
    }
};

KernelPrograms::KernelPrograms(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
KernelPrograms::~KernelPrograms() = default;

Result<std::unique_ptr<KernelPrograms>> KernelPrograms::load()
{
    libbpf_set_print(keepQuiet);
    auto impl = std::make_unique<Impl>();
    impl->watch.reset(watch_bpf__open());
    if (!impl->watch) return unavailable("the programs for the kernel could not be read", errno);
    if (const int error = watch_bpf__load(impl->watch.get()); error != 0)
        return unavailable("this kernel refuses the programs that watch", -error);
    if (Result<void> filled = impl->fillCalls(); !filled) return std::move(filled).error();
    if (Result<void> mapped = impl->mapHints(); !mapped) return std::move(mapped).error();
    if (const int error = watch_bpf__attach(impl->watch.get()); error != 0)
        return unavailable("this kernel refuses to attach the programs that watch", -error);
    if (const Result<void> guarded = impl->loadGuard(); guarded) impl->programs |= kGuardPrograms;
    else impl->whyNoGuard = guarded.error().message + ", " + guarded.error().native;
    return std::unique_ptr<KernelPrograms>(new KernelPrograms(std::move(impl)));
}

Result<KernelSession> KernelPrograms::prepareSession(std::uint32_t slot) const
{
    if (slot >= kMostSessions) return unavailable("there is no such session", EINVAL);
    Result<KernelSession> session = m_impl->makeSession(slot);
    if (!session) clearSlot(slot);
    return session;
}

Result<void> KernelPrograms::beginSession(std::uint32_t slot, std::uint32_t pidNamespace, TraceLevel level) const
{
    const int sessions = m_impl->map(m_impl->watch->maps.sessions);
    BelljarSession value{};
    if (bpf_map_lookup_elem(sessions, &pidNamespace, &value) == 0)
        return Error{ErrorCode::alreadyStarted, "the sandbox is watched already", {}, {}, {}};
    value = {};
    value.slot = slot;
    value.full = level == TraceLevel::full ? 1 : 0;
    value.watermark = kRingBytes / 4;
    value.root = pidNamespace;
    if (bpf_map_update_elem(sessions, &pidNamespace, &value, BPF_NOEXIST) != 0)
        return unavailable("the sandbox could not be named to the kernel", errno);
    m_impl->hints->fetch_or(std::uint64_t{1} << (pidNamespace % kHintBits));
    return {};
}

void KernelPrograms::endSession(std::uint32_t slot) const
{
    forgetSandbox(slot);
    clearSlot(slot);
    // A program that still ran may have added a namespace in the meantime, which would send what happens in it to the
    // slot's next session.
    forgetSandbox(slot);
}

void KernelPrograms::forgetSandbox(std::uint32_t slot) const
{
    const int sessions = m_impl->map(m_impl->watch->maps.sessions);
    std::uint64_t left = 0;
    std::vector<std::uint32_t> gone;
    std::uint32_t key = 0;
    const std::uint32_t* before = nullptr;
    while (bpf_map_get_next_key(sessions, before, &key) == 0) {
        BelljarSession value{};
        if (bpf_map_lookup_elem(sessions, &key, &value) == 0 && value.slot == slot) gone.push_back(key);
        else left |= std::uint64_t{1} << (key % kHintBits);
        before = &key;
    }
    for (const std::uint32_t number : gone) bpf_map_delete_elem(sessions, &number);
    m_impl->hints->store(left);
}

void KernelPrograms::clearSlot(std::uint32_t slot) const
{
    bpf_map_delete_elem(m_impl->map(m_impl->watch->maps.rings), &slot);
    bpf_map_delete_elem(m_impl->map(m_impl->watch->maps.counters), &slot);
    if (m_impl->guard) m_impl->guard->forget(slot);
}

std::uint32_t KernelPrograms::programs() const
{
    return m_impl->programs;
}

const std::string& KernelPrograms::whyNoGuard() const
{
    return m_impl->whyNoGuard;
}

std::uint32_t mapNumber(int map)
{
    bpf_map_info info{};
    std::uint32_t size = sizeof info;
    return bpf_obj_get_info_by_fd(map, &info, &size) == 0 ? info.id : 0;
}

std::uint32_t pidNamespaceOf(std::int32_t pid)
{
    struct stat info {};
    const std::string link = fmt::format("/proc/{}/ns/pid", pid);
    return ::stat(link.c_str(), &info) == 0 ? static_cast<std::uint32_t>(info.st_ino) : 0;
}

}  // namespace belljar::linux_platform
