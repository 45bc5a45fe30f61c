/* The LSM half: refuses what a rule of the running session forbids, and sees what goes past the system calls, io_uring.
 * Loads where the kernel takes BPF LSM programs (bpf among its LSMs, trampolines). */
#include "core/platform/linux/kernel/watch_paths.h"
#include "core/platform/linux/kernel/watch_sockets.h"

char kLicense[] SEC("license") = "Dual MIT/GPL";

enum {
    kRefused = -13,     /* EACCES */
    kRingEnter = 426,   /* io_uring_enter(2) */
    kRingWorker = 0x10, /* PF_IO_WORKER */
};

struct PolicyTemplate {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, kMostRules);
    __uint(key_size, sizeof(struct BelljarObject));
    __uint(value_size, sizeof(__u32));
};
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, kMostSessions);
    __type(key, __u32);
    __array(values, struct PolicyTemplate);
} policies SEC(".maps");

static __always_inline struct BelljarSession* callerSession(void)
{
    const __u32 space = hintedNamespace(bpf_get_current_task_btf());
    struct BelljarSession* session = space ? sessionAt(bpf_get_current_task(), space) : 0;
    return session && session->live ? session : 0;
}

/* Whether the running task works for a ring rather than for a call whose end will be told. */
static __always_inline int worksForRing(void)
{
    struct task_struct* task = bpf_get_current_task_btf();
    if (task->flags & kRingWorker) return 1;
    const struct pt_regs* regs = (const struct pt_regs*)bpf_task_pt_regs(task);
    return ((__u32)regs->orig_ax & 0x3fffffff) == kRingEnter;
}

/* What a rule of the session forbids for this file; 0: nothing. */
static __always_inline __u32 forbidden(const struct BelljarSession* session, __u64 file)
{
    __u32 slot = session->slot;
    void* rules = bpf_map_lookup_elem(&policies, &slot);
    if (!rules) return 0;
    struct BelljarObject object = {0, 0};
    const __u64 inode = POINTER(file, file, f_inode);
    const __u64 system = POINTER(inode, inode, i_sb);
    __u32 device = 0;
    READ(device, FIELD(system, super_block, s_dev));
    object.device = device;
    object.inode = POINTER(inode, inode, i_ino);
    const __u32* found = bpf_map_lookup_elem(rules, &object);
    return found ? *found : 0;
}

/* Unlike the programs at ends of calls, LSM programs can be interrupted by another task on the same processor, whose
 * own would then write into the same record: it is somebody else's, perhaps. So the room is taken, and whoever finds it
 * taken tells of a loss. `scratches` is not that of the other programs. */
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} taken SEC(".maps");

static __always_inline void giveBack(void)
{
    const __u32 zero = 0;
    __u32* mark = bpf_map_lookup_elem(&taken, &zero);
    if (mark) __sync_lock_test_and_set(mark, 0);
}

static __always_inline struct Scratch* beginHook(const struct BelljarSession* session, __u32 hook)
{
    const __u32 zero = 0;
    __u32* mark = bpf_map_lookup_elem(&taken, &zero);
    struct Scratch* scratch = scratchRoom();
    if (!mark || !scratch) return 0;
    if (__sync_lock_test_and_set(mark, 1) != 0) {
        countLoss(session);
        return 0;
    }
    describe(session->depth, kRecordGuard);
    scratch->record.number = (__u16)hook;
    return scratch;
}

static __always_inline void endHook(const struct BelljarSession* session, struct Scratch* scratch)
{
    emit(session, scratch);
    giveBack();
}

/* Arguments as numbers: the verifier gives global functions no pointers of the kernel. */
static __always_inline __u64 numberAt(const unsigned long long* at)
{
    __u64 number = 0;
    bpf_probe_read_kernel(&number, sizeof number, at);
    return number;
}

/* The end of the call tells that it failed; this tells it why. */
static __always_inline void noteRefusal(__u32 forbidden)
{
    __u32 thread = (__u32)bpf_get_current_pid_tgid();
    const struct pt_regs* regs = (const struct pt_regs*)bpf_task_pt_regs(bpf_get_current_task_btf());
    struct Refusal refusal = {regs->ip, regs->sp, (__u32)regs->orig_ax, forbidden};
    bpf_map_update_elem(&refusals, &thread, &refusal, BPF_ANY);
}

/* A file is opened, or run. A refused call is told at its end, as any that fails. */
static __always_inline int onFile(__u64 file, __u32 hook, __u32 bit)
{
    struct BelljarSession* session = callerSession();
    if (!session) return 0;
    const __u32 rule = forbidden(session, file);
    const int verdict = (rule & bit) != 0 ? kRefused : 0;
    if (!worksForRing()) {
        if (verdict) noteRefusal(rule);
        return verdict;
    }
    struct Scratch* scratch = beginHook(session, hook);
    if (!scratch) return verdict;
    READ(scratch->record.fileMode, FIELD(file, file, f_mode));
    addFile(file, kTextFolder);
    if (verdict) {
        scratch->record.flags |= kFlagRefused;
        scratch->record.arguments[kForbiddenArgument] = rule;
    }
    endHook(session, scratch);
    return verdict;
}

/* An entry of a folder, or two, in a ring's work. `folder` is a struct path. */
static __always_inline int onEntry(__u32 hook, __u64 folder, __u64 entry, __u64 folder2, __u64 entry2)
{
    struct BelljarSession* session = callerSession();
    if (!session || !worksForRing()) return 0;
    struct Scratch* scratch = beginHook(session, hook);
    if (!scratch) return 0;
    addChain(entry, POINTER(folder, path, mnt), kTextFolder);
    if (entry2) addChain(entry2, POINTER(folder2, path, mnt), kTextFolder2);
    endHook(session, scratch);
    return 0;
}

static __always_inline int onAddress(__u32 hook, __u64 socket, __u64 address, __u64 length)
{
    struct BelljarSession* session = callerSession();
    if (!session || address == 0 || !worksForRing()) return 0;
    struct Scratch* scratch = beginHook(session, hook);
    if (!scratch) return 0;
    UNKNOWN(length);
    if (length > kSocketRoom) length = kSocketRoom;
    if (length == 0 || bpf_probe_read_kernel(scratch->texts, (__u32)length, (const void*)address) != 0) {
        giveBack();
        return 0;
    }
    scratch->record.texts[kTextPath].at = 0;
    scratch->record.texts[kTextPath].length = (__u16)length;
    scratch->record.textBytes = (__u32)length;
    addFolder(kTextFolder);
    addProtocol(&scratch->record, POINTER(socket, socket, sk));
    endHook(session, scratch);
    return 0;
}

SEC("lsm/file_open")
int BPF_PROG(onFileOpen)
{
    return onFile(numberAt(&ctx[0]), kHookOpen, kForbidOpen);
}

SEC("lsm/bprm_creds_for_exec")
int BPF_PROG(onProgram)
{
    return onFile(POINTER(numberAt(&ctx[0]), linux_binprm, file), kHookExec, kForbidExec);
}

SEC("lsm/path_unlink")
int BPF_PROG(onUnlink)
{
    return onEntry(kHookUnlink, numberAt(&ctx[0]), numberAt(&ctx[1]), 0, 0);
}

SEC("lsm/path_mkdir")
int BPF_PROG(onMkdir)
{
    return onEntry(kHookMkdir, numberAt(&ctx[0]), numberAt(&ctx[1]), 0, 0);
}

SEC("lsm/path_rmdir")
int BPF_PROG(onRmdir)
{
    return onEntry(kHookRmdir, numberAt(&ctx[0]), numberAt(&ctx[1]), 0, 0);
}

SEC("lsm/path_rename")
int BPF_PROG(onRename)
{
    return onEntry(kHookRename, numberAt(&ctx[0]), numberAt(&ctx[1]), numberAt(&ctx[2]), numberAt(&ctx[3]));
}

/* The old name comes without its mount, which for a hard link is that of the new one. */
SEC("lsm/path_link")
int BPF_PROG(onLink)
{
    const __u64 folder = numberAt(&ctx[1]);
    return onEntry(kHookLink, folder, numberAt(&ctx[0]), folder, numberAt(&ctx[2]));
}

SEC("lsm/path_symlink")
int BPF_PROG(onSymlink)
{
    return onEntry(kHookSymlink, numberAt(&ctx[0]), numberAt(&ctx[1]), 0, 0);
}

SEC("lsm/inode_getattr")
int BPF_PROG(onStat)
{
    const __u64 place = numberAt(&ctx[0]);
    return onEntry(kHookStat, place, POINTER(place, path, dentry), 0, 0);
}

SEC("lsm/socket_connect")
int BPF_PROG(onConnect)
{
    return onAddress(kHookConnect, numberAt(&ctx[0]), numberAt(&ctx[1]), (__u32)numberAt(&ctx[2]));
}

SEC("lsm/socket_bind")
int BPF_PROG(onBind)
{
    return onAddress(kHookBind, numberAt(&ctx[0]), numberAt(&ctx[1]), (__u32)numberAt(&ctx[2]));
}

SEC("lsm/socket_sendmsg")
int BPF_PROG(onSend)
{
    const __u64 message = numberAt(&ctx[1]);
    __s32 length = 0;
    READ(length, FIELD(message, msghdr, msg_namelen));
    return onAddress(kHookSend, numberAt(&ctx[0]), POINTER(message, msghdr, msg_name), (__u32)length);
}
