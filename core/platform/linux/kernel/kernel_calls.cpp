#include "core/platform/linux/kernel/kernel_calls.h"

#include <seccomp.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace belljar::linux_platform {
namespace {

using K = EventKind;

constexpr std::uint64_t kAllBits = ~std::uint64_t{0};

BelljarCallRule plainRule(BelljarCallWork work, bool onlyFull)
{
    BelljarCallRule rule{};
    rule.work = work;
    rule.onlyFull = onlyFull ? 1 : 0;
    rule.folder = rule.path = rule.extra = rule.folder2 = rule.path2 = rule.tested = kNoCallArgument;
    return rule;
}

KernelCallRow onDescriptor(int number, const char* name, K kind, BelljarCallWork work, bool onlyFull,
                           std::int8_t argument = 0)
{
    BelljarCallRule rule = plainRule(work, onlyFull);
    rule.folder = argument;
    return {number, name, kind, rule};
}

KernelCallRow numbers(int number, const char* name, K kind)
{
    return {number, name, kind, plainRule(kWorkNumbers, false)};
}

#define BELLJAR_CALL(name) SCMP_SYS(name), #name

const std::vector<KernelCallRow>& ownTable()
{
    static const std::vector<KernelCallRow> table = [] {
        std::vector<KernelCallRow> made{
            numbers(BELLJAR_CALL(kill), K::processSignal),
            numbers(BELLJAR_CALL(tkill), K::processSignal),
            numbers(BELLJAR_CALL(tgkill), K::processSignal),
            numbers(BELLJAR_CALL(rt_sigqueueinfo), K::processSignal),
            numbers(BELLJAR_CALL(rt_tgsigqueueinfo), K::processSignal),
            numbers(BELLJAR_CALL(pidfd_send_signal), K::processSignal),
            onDescriptor(BELLJAR_CALL(listen), K::netListen, kWorkSocket, false),
            onDescriptor(BELLJAR_CALL(accept), K::netAccept, kWorkPeer, false),
            onDescriptor(BELLJAR_CALL(accept4), K::netAccept, kWorkPeer, false),
            onDescriptor(BELLJAR_CALL(getdents), K::fileReadFolder, kWorkList, true),
            onDescriptor(BELLJAR_CALL(getdents64), K::fileReadFolder, kWorkList, true),
            onDescriptor(BELLJAR_CALL(close), K::fileBytesRead, kWorkClose, false),
        };
        constexpr std::pair<int, const char*> kReads[] = {
            {BELLJAR_CALL(read)},   {BELLJAR_CALL(readv)},   {BELLJAR_CALL(pread64)},
            {BELLJAR_CALL(preadv)}, {BELLJAR_CALL(preadv2)},
        };
        for (const auto& [number, name] : kReads)
            made.push_back(onDescriptor(number, name, K::fileBytesRead, kWorkRead, true));
        made.push_back(onDescriptor(BELLJAR_CALL(sendfile), K::fileBytesRead, kWorkRead, true, 1));
        constexpr std::pair<int, const char*> kWrites[] = {
            {BELLJAR_CALL(write)},   {BELLJAR_CALL(writev)},   {BELLJAR_CALL(pwrite64)},
            {BELLJAR_CALL(pwritev)}, {BELLJAR_CALL(pwritev2)},
        };
        for (const auto& [number, name] : kWrites)
            made.push_back(onDescriptor(number, name, K::fileBytesWritten, kWorkWrite, false));
        made.push_back(onDescriptor(BELLJAR_CALL(copy_file_range), K::fileBytesWritten, kWorkWrite, false, 2));
        KernelCallRow map = onDescriptor(BELLJAR_CALL(mmap), K::fileMapExec, kWorkFile, true, 4);
        constexpr std::uint64_t kExecute = 4;  // PROT_EXEC
        map.rule.tested = 2;
        map.rule.mask = map.rule.value = kExecute;
        made.push_back(map);
        return made;
    }();
    return table;
}

/// Names of the 32-bit ABI for calls that have another one there.
int compatNumber(std::string_view name)
{
    static constexpr std::pair<std::string_view, const char*> kOthers[] = {
        {"newfstatat", "fstatat64"}, {"stat", "stat64"},           {"lstat", "lstat64"},
        {"truncate", "truncate64"},  {"ftruncate", "ftruncate64"}, {"chown", "chown32"},
        {"lchown", "lchown32"},      {"fchown", "fchown32"},       {"mmap", "mmap2"},
        {"accept", "accept4"},
    };
    for (const auto& [native, other] : kOthers) {
        if (name == native) return seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86, other);
    }
    return seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86, std::string(name).c_str());
}

using Calls = std::array<KernelCall, 2 * static_cast<std::size_t>(kCallNumbers)>;

KernelCall* slotOf(Calls& calls, bool compat, int number)
{
    if (number < 0 || number >= kCallNumbers) return nullptr;
    return &calls[static_cast<std::size_t>(number + (compat ? kCallNumbers : 0))];
}

/// Ends, which the kernel tells itself; what only `notify` has to know; and calls of our own table, which tells more.
bool isToldOtherwise(const CallRow& row)
{
    const auto& own = ownTable();
    return row.shape == CallShape::exit || row.shape == CallShape::changeFolder ||
           row.shape == CallShape::shareFolder ||
           std::any_of(own.begin(), own.end(), [&](const KernelCallRow& other) { return other.number == row.number; });
}

const Calls& allCalls()
{
    static const Calls calls = [] {
        Calls made;
        for (const CallRow& row : callTable()) {
            // Sessions with nested sandboxes are not watched here.
            if (isToldOtherwise(row) || row.nesting == Nesting::replaces) continue;
            if (KernelCall* native = slotOf(made, false, row.number)) native->rows.push_back(&row);
            if (KernelCall* compat = slotOf(made, true, compatNumber(row.name))) compat->rows.push_back(&row);
        }
        for (const KernelCallRow& row : ownTable()) {
            KernelCall* native = slotOf(made, false, row.number);
            if (native != nullptr && native->rows.empty()) native->own = &row;
            KernelCall* compat = slotOf(made, true, compatNumber(row.name));
            if (compat != nullptr && compat->rows.empty()) compat->own = &row;
        }
        return made;
    }();
    return calls;
}

BelljarCallWork workOf(CallShape shape)
{
    switch (shape) {
        case CallShape::path:
        case CallShape::access:
        case CallShape::twoPaths:
        case CallShape::symlink: return kWorkPath;
        case CallShape::descriptor: return kWorkFile;
        case CallShape::open:
        case CallShape::create: return kWorkOpen;
        case CallShape::openHow: return kWorkOpenHow;
        case CallShape::exec: return kWorkExec;
        case CallShape::address:
        case CallShape::sendTo: return kWorkAddress;
        case CallShape::sendMessage: return kWorkMessage;
        case CallShape::refuse: return kWorkNumbers;
        default: return kWorkNone;
    }
}

/// What all rows of a number demand of one and the same argument, so that the others never leave the kernel.
void addCommonTest(const std::vector<const CallRow*>& rows, BelljarCallRule& rule)
{
    std::uint64_t mask = kAllBits;
    for (const CallRow* row : rows) {
        if (!row->when || row->when->argument != rows.front()->when->argument) return;
        mask &= row->when->mask & ~(row->when->value ^ rows.front()->when->value);
    }
    if (mask == 0) return;
    rule.tested = static_cast<std::int8_t>(rows.front()->when->argument);
    rule.mask = mask;
    rule.value = rows.front()->when->value & mask;
}

BelljarCallRule ruleOf(const KernelCall& call)
{
    if (call.own != nullptr) return call.own->rule;
    if (call.rows.empty()) return plainRule(kWorkNone, false);
    const CallRow& row = *call.rows.front();
    BelljarCallRule rule = plainRule(workOf(row.shape), row.kind == K::fileStat || row.kind == K::fileReadLink);
    rule.folder = row.folder;
    rule.path = row.path;
    rule.extra = row.extra;
    rule.folder2 = row.shape == CallShape::symlink ? static_cast<std::int8_t>(kPlainText) : row.folder2;
    rule.path2 = row.path2;
    if (row.kind == K::privMount) rule.path = 1;  // where the mount was to be
    if (row.shape == CallShape::exec && row.folder == kNoArgument) rule.path2 = kNoCallArgument;
    addCommonTest(call.rows, rule);
    return rule;
}

}  // namespace

const KernelCall& kernelCall(bool compat, unsigned number)
{
    static const KernelCall none;
    if (number >= kCallNumbers) return none;
    return allCalls()[number + (compat ? static_cast<unsigned>(kCallNumbers) : 0U)];
}

std::vector<BelljarCallRule> kernelCallRules()
{
    std::vector<BelljarCallRule> rules;
    rules.reserve(allCalls().size());
    for (const KernelCall& call : allCalls()) rules.push_back(ruleOf(call));
    return rules;
}

bool matches(const CallRow& row, const std::uint64_t* arguments)
{
    for (const std::optional<ArgumentTest>& test : {row.when, row.when2}) {
        if (test && (arguments[test->argument] & test->mask) != test->value) return false;
    }
    return true;
}

}  // namespace belljar::linux_platform
