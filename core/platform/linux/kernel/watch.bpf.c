/* Watches the calls of sandboxed processes at their end, when the result is known and what a path names has just been
 * read by the kernel itself. Loads with CAP_BPF and CAP_PERFMON on every kernel with BTF since 5.17. */
#include "core/platform/linux/kernel/watch_paths.h"
#include "core/platform/linux/kernel/watch_programs.h"
#include "core/platform/linux/kernel/watch_sockets.h"
#include "core/platform/linux/kernel/watch_use.h"

char kLicense[] SEC("license") = "Dual MIT/GPL";

enum {
    kCompatStatus = 2,                           /* TS_COMPAT */
    kWriteFlags = 03 | 0100 | 01000 | 020000000, /* O_ACCMODE, O_CREAT, O_TRUNC, O_TMPFILE's own bit */
    kNoEntry = 2,
    kNotPermitted = 1,
    kAccessDenied = 13,
};

/* Numbers and arguments of the call that ends; x86-64 and its 32-bit ABI. */
static __always_inline void readArguments(struct BelljarRecord* record, struct pt_regs* regs, int compat)
{
    __u64* to = record->arguments;
    if (compat) {
        to[0] = (__u32)regs->bx, to[1] = (__u32)regs->cx, to[2] = (__u32)regs->dx;
        to[3] = (__u32)regs->si, to[4] = (__u32)regs->di, to[5] = (__u32)regs->bp;
    } else {
        to[0] = regs->di, to[1] = regs->si, to[2] = regs->dx;
        to[3] = regs->r10, to[4] = regs->r8, to[5] = regs->r9;
    }
}

/* An argument by its number, which the verifier does not know. */
static __always_inline __u64 argumentOf(const struct BelljarRecord* record, __s8 index)
{
    return index < 0 ? 0 : record->arguments[index & 7];
}

static __always_inline __s32 folderOf(const struct BelljarRecord* record, __s8 index)
{
    return index < 0 ? -100 : (__s32)argumentOf(record, index);
}

static __always_inline void draftPath(struct BelljarRecord* record, const struct BelljarCallRule* rule)
{
    addPath(folderOf(record, rule->folder), argumentOf(record, rule->path), kTextFolder, kTextPath);
}

/* Nothing of interest at the standard level. */
static __always_inline int isLook(const struct BelljarRecord* record, __u64 flags)
{
    return !(flags & kWriteFlags) && (record->result >= 0 || record->result == -kNoEntry);
}

/* The same for opens that say it in an argument, before anything else is done: most calls of most programs. */
static __always_inline int isPlainLook(const struct BelljarRecord* record, const struct BelljarCallRule* rule, int full)
{
    return !full && rule->work == kWorkOpen && rule->extra >= 0 && isLook(record, argumentOf(record, rule->extra));
}

/* False: nothing of interest at the level that is asked for. */
static __always_inline int draftOpen(struct BelljarRecord* record, const struct BelljarCallRule* rule, int full,
                                     __u64 flags)
{
    const long result = record->result;
    if (!full && isLook(record, flags)) return 0;
    record->arguments[5] = flags;
    const __u64 file = result >= 0 ? fileOf((__s32)result) : 0;
    if (file) {
        READ(record->fileMode, FIELD(file, file, f_mode));
        addFile(file, kTextFolder);
        if (!(record->flags & (kFlagOutside | kFlagCut))) {
            record->flags |= kFlagFile;
            return 1;
        }
        /* Not in the sandbox's tree, e.g. behind a link of /proc: what was written says more. */
        record->flags &= ~(kFlagOutside | kFlagCut);
        record->textBytes = 0;
        record->texts[kTextFolder].length = 0;
    }
    draftPath(record, rule);
    return 1;
}

static __always_inline void draftPaths(struct BelljarRecord* record, const struct BelljarCallRule* rule)
{
    draftPath(record, rule);
    if (rule->path2 < 0) return;
    const __u64 second = argumentOf(record, rule->path2);
    if (rule->folder2 == kPlainText) addText(second, kTextPath2);
    else addPath(folderOf(record, rule->folder2), second, kTextFolder2, kTextPath2);
}

static __always_inline int draftFile(struct BelljarRecord* record, __s32 descriptor)
{
    const __u64 file = fileOf(descriptor);
    if (!file || !isInTree(file)) return 0;
    addFile(file, kTextFolder);
    record->flags |= kFlagFile;
    return 1;
}

/* Of a call whose first argument is the socket. */
static __always_inline int draftAddress(struct BelljarRecord* record, __u64 address, __u64 length)
{
    if (address == 0) return 0;
    if (addBytes(address, length, kTextPath) == kFamilyUnix) addFolder(kTextFolder);
    else addProtocol(record, socketOf((__s32)record->arguments[0]));
    return 1;
}

static __always_inline int draftMessage(struct BelljarRecord* record, __u64 header, int compat)
{
    __u64 name = 0;
    __u32 length = 0;
    if (compat) {
        __u32 parts[2] = {0, 0};
        if (bpf_probe_read_user(parts, sizeof parts, (const void*)header) != 0) return 0;
        name = parts[0];
        length = parts[1];
    } else {
        if (bpf_probe_read_user(&name, sizeof name, (const void*)header) != 0) return 0;
        if (bpf_probe_read_user(&length, sizeof length, (const void*)(header + 8)) != 0) return 0;
    }
    return draftAddress(record, name, length);
}

/* Whether there is something to tell. */
static __always_inline int draft(struct BelljarRecord* record, const struct BelljarCallRule* rule, int full)
{
    const int compat = (record->flags & kFlagCompat) != 0;
    const __u64 first = argumentOf(record, rule->folder);
    const __u64 extra = argumentOf(record, rule->extra);
    __u64 flags = rule->extra < 0 ? 01101 : extra; /* creat(2) */
    switch (rule->work) {
        case kWorkPath: draftPaths(record, rule); return 1;
        case kWorkFile: return draftFile(record, (__s32)first);
        case kWorkOpenHow:
            flags = 0;
            bpf_probe_read_user(&flags, sizeof flags, (const void*)extra);
            return draftOpen(record, rule, full, flags);
        case kWorkOpen: return draftOpen(record, rule, full, flags);
        case kWorkExec:
            draftPaths(record, rule);
            addFolder(kTextFolder2);
            if (!compat) addArguments(extra);
            return 1;
        case kWorkAddress: return draftAddress(record, argumentOf(record, rule->path), extra);
        case kWorkMessage: return draftMessage(record, argumentOf(record, rule->path), compat);
        case kWorkSocket: return addSocket((__s32)first, 0);
        case kWorkPeer: return record->result < 0 ? addSocket((__s32)first, 0) : addSocket((__s32)record->result, 1);
        default:
            if (rule->path >= 0) addText(argumentOf(record, rule->path), kTextPath);
            return 1;
    }
}

static __always_inline int passesTest(const struct BelljarRecord* record, const struct BelljarCallRule* rule)
{
    return rule->tested < 0 || (argumentOf(record, rule->tested) & rule->mask) == rule->value;
}

/* What rule of the session refused the call that ends; 0: none. */
static __always_inline __u32 takeRefusal(const struct pt_regs* regs)
{
    __u32 thread = (__u32)bpf_get_current_pid_tgid();
    const struct Refusal* refusal = bpf_map_lookup_elem(&refusals, &thread);
    if (!refusal) return 0;
    const int same =
        refusal->call == (__u32)regs->orig_ax && refusal->at == regs->ip && refusal->stack == regs->sp;
    const __u32 forbidden = same ? refusal->forbidden : 0;
    bpf_map_delete_elem(&refusals, &thread);
    return forbidden;
}

/* A call that the filter denies by name ends with EPERM, whatever it is: these are all told, and the reader knows which
 * calls are denied. */
SEC("tp_btf/sys_exit")
int BPF_PROG(onCallEnd, struct pt_regs* regs, long result)
{
    struct task_struct* caller = bpf_get_current_task_btf();
    const __u32 space = hintedNamespace(caller);
    if (!space) return 0;
    const int compat = (caller->thread_info.status & kCompatStatus) != 0;
    const __u32 number = (__u32)regs->orig_ax & 0x3fffffff; /* without the bit of the x32 ABI */
    if (number >= kCallNumbers) return 0;
    __u32 index = number + (compat ? kCallNumbers : 0);
    const struct BelljarCallRule* rule = bpf_map_lookup_elem(&calls, &index);
    const int refused = result == -kNotPermitted;
    if (!rule || (rule->work == kWorkNone && !refused)) return 0;
    const __u64 task = bpf_get_current_task();
    if (rule->work == kWorkClose && !refused)
        return result ? 0 : endUse((__s32)(compat ? regs->bx : regs->di), task, space);
    struct BelljarSession* session = sessionAt(task, space);
    struct Scratch* scratch = session ? scratchRoom() : 0;
    if (!scratch) return 0;
    int asked = rule->work != kWorkNone && (!rule->onlyFull || session->full);
    if (!asked && !refused) return 0;
    struct BelljarRecord* record = &scratch->record;
    if (rule->work == kWorkExec) {
        if (result >= 0) return 0;
        if (!session->live) startSession(session, task, scratch);
    }
    if (!session->live) return 0;
    readArguments(record, regs, compat);
    record->result = result;
    record->arguments[kForbiddenArgument] = result == -kAccessDenied ? takeRefusal(regs) : 0;
    asked = asked && passesTest(record, rule);
    if (!asked && !refused) return 0;
    if (rule->work >= kWorkRead && !refused)
        return countUse(session, task, scratch, rule->work, (__s32)argumentOf(record, rule->folder));
    if (!refused && isPlainLook(record, rule, (int)session->full)) return 0;
    describe(session->depth, kRecordCall);
    if (record->inside == 1) return 0; /* our own init */
    record->number = (__u16)number;
    if (compat) record->flags |= kFlagCompat;
    if (!asked || rule->work >= kWorkRead || !draft(record, rule, (int)session->full)) {
        if (!refused) return 0;
        record->flags |= kFlagRefused;
    }
    emit(session, scratch);
    return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(onExec, struct task_struct* started, int oldPid, struct linux_binprm* program)
{
    const __u64 task = bpf_get_current_task();
    struct BelljarSession* session = sessionOf(task);
    struct Scratch* scratch = session ? scratchRoom() : 0;
    if (!scratch) return 0;
    if (!session->live) startSession(session, task, scratch);
    if (!session->live) return 0;
    describe(session->depth, kRecordExec);
    addFile(POINTER(program, linux_binprm, file), kTextFolder);
    const __u64 name = POINTER(program, linux_binprm, filename);
    if (name != POINTER(program, linux_binprm, interp)) scratch->record.flags |= kFlagScript;
    addKernelText(scratch, name, kTextPath);
    addFolder(kTextFolder2);
    addProgramText(scratch, task);
    emit(session, scratch);
    return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(onFork, struct task_struct* parent, struct task_struct* child)
{
    struct BelljarSession* session = sessionOf(bpf_get_current_task());
    struct Scratch* scratch = session ? scratchRoom() : 0;
    if (!scratch) return 0;
    __u64 task = 0;
    bpf_probe_read_kernel(&task, sizeof task, &ctx[1]); /* the child, as a number */
    __u32 ids[2] = {0, 0};
    READ(ids[0], FIELD(task, task_struct, pid));
    READ(ids[1], FIELD(task, task_struct, tgid));
    if (ids[0] != ids[1]) return 0; /* a thread */
    /* A pid namespace inside the sandbox's belongs to it. */
    const __u32 number = namespaceOf(task);
    if (number != session->root) adoptNamespace(session, number);
    if (!session->live) return 0;
    describeOther(task, session->depth, kRecordFork);
    emit(session, scratch);
    return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(onExit, struct task_struct* ended)
{
    const __u64 task = bpf_get_current_task();
    struct BelljarSession* session = sessionOf(task);
    struct Scratch* scratch = session ? scratchRoom() : 0;
    if (!scratch || !session->live) return 0;
    const __u64 signals = POINTER(task, task_struct, signal);
    __s32 threads = 0;
    READ(threads, FIELD(signals, signal_struct, live.counter));
    if (threads != 0) return 0;
    endUses(session, task, scratch);
    describe(session->depth, kRecordExit);
    if (scratch->record.inside == 1) return 0;
    enum { kGroupExit = 4 }; /* SIGNAL_GROUP_EXIT */
    const __u64 leader = POINTER(task, task_struct, group_leader);
    __u32 flags = 0;
    __s32 code = 0;
    READ(flags, FIELD(signals, signal_struct, flags));
    if (flags & kGroupExit) READ(code, FIELD(signals, signal_struct, group_exit_code));
    else READ(code, FIELD(leader, task_struct, exit_code));
    scratch->record.result = code;
    emit(session, scratch);
    return 0;
}
