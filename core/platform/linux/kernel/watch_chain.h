/* Chains of names from an object up to the sandbox's root: where it really is, as the sandboxee sees it. */
#ifndef BELLJAR_KERNEL_WATCH_CHAIN_H
#define BELLJAR_KERNEL_WATCH_CHAIN_H

#include "core/platform/linux/kernel/watch_session.h"

enum { kNameRoom = 256, kMostNames = 1024, kSocketRoom = 128, kChainRoom = 4096 };

struct Walk {
    struct Scratch* scratch;
    __u64 dentry;
    __u64 mount; /* struct vfsmount */
    __u64 top;   /* Its root. */
    __u64 rootDentry;
    __u64 rootMount;
    __u32 used; /* Bytes of the record's texts. */
    __u32 end;
    __u32 state; /* 0 going on, 1 arrived, 2 outside, 3 no room */
};

struct Entry {
    __u64 parent;
    __u64 hash;
    __u64 name;
};

/* struct path */
struct Place {
    __u64 mount;
    __u64 dentry;
};

static __always_inline struct Place placeAt(const struct path* at)
{
    struct Place place = {0, 0};
    if (SIDE_BY_SIDE(path, mnt, dentry)) {
        READ(place, at);
    } else {
        READ(place.mount, &at->mnt);
        READ(place.dentry, &at->dentry);
    }
    return place;
}

static long walkStep(__u32 index, struct Walk* walk)
{
    if (walk->dentry == walk->rootDentry && walk->mount == walk->rootMount) {
        walk->state = 1;
        return 1;
    }
    if (walk->dentry == walk->top) {
        const __u64 mount = walk->mount - bpf_core_field_offset(struct mount, mnt);
        __u64 parent = 0;
        READ(parent, FIELD(mount, mount, mnt_parent));
        if (parent == 0 || parent == mount) {
            walk->state = 2;
            return 1;
        }
        READ(walk->dentry, FIELD(mount, mount, mnt_mountpoint));
        walk->mount = parent + bpf_core_field_offset(struct mount, mnt);
        READ(walk->top, FIELD(walk->mount, vfsmount, mnt_root));
        return 0;
    }
    struct Entry entry = {0, 0, 0};
    if (SIDE_BY_SIDE(dentry, d_parent, d_name)) {
        READ(entry, FIELD(walk->dentry, dentry, d_parent));
    } else {
        entry.parent = POINTER(walk->dentry, dentry, d_parent);
        entry.name = POINTER(walk->dentry, dentry, d_name.name);
    }
    const __u64 parent = entry.parent;
    const __u64 name = entry.name;
    const __u32 used = walk->used;
    if (used >= walk->end || used > kTextRoom - kNameRoom) {
        walk->state = 3;
        return 1;
    }
    const long length = bpf_probe_read_kernel_str(walk->scratch->texts + used, kNameRoom, (const void*)name);
    if (length > 0) walk->used = used + ((__u32)length & 0x1ff);
    if (length <= 0 || parent == walk->dentry) {
        walk->state = 2; /* in no tree: unmounted, or a memory file */
        return 1;
    }
    walk->dentry = parent;
    return 0;
}

/* The functions below that are no macros in disguise are global: each is verified once, for any numbers, instead of at
 * each place where it is called. So they look up the record themselves. */

/* The names of `dentry` on `mount` up to the root of the running task, as one text of the record. */
__noinline int addChain(__u64 dentry, __u64 mount, __u32 slot)
{
    struct Scratch* scratch = scratchRoom();
    const __u64 fs = POINTER(bpf_get_current_task(), task_struct, fs);
    if (!scratch || !fs) return 0;
    slot &= kTexts - 1;
    struct BelljarRecord* record = &scratch->record;
    const __u32 used = record->textBytes;
    struct Walk walk = {.scratch = scratch, .dentry = dentry, .mount = mount, .used = used, .end = used + kChainRoom};
    const struct Place root = placeAt(FIELD(fs, fs_struct, root));
    walk.rootDentry = root.dentry;
    walk.rootMount = root.mount;
    READ(walk.top, FIELD(mount, vfsmount, mnt_root));
    bpf_loop(kMostNames, walkStep, &walk, 0);
    record->texts[slot].at = (__u16)used;
    record->texts[slot].length = (__u16)(walk.used - used);
    if (walk.state == 2) record->flags |= slot == kTextFolder2 ? kFlagOutside2 : kFlagOutside;
    else if (walk.state != 1) record->flags |= kFlagCut;
    record->textBytes = walk.used;
    return 0;
}

__noinline int addFolder(__u32 slot)
{
    const __u64 fs = POINTER(bpf_get_current_task(), task_struct, fs);
    const struct Place folder = placeAt(FIELD(fs, fs_struct, pwd));
    return addChain(folder.dentry, folder.mount, slot);
}

static __always_inline __u64 fileOf(__s32 descriptor)
{
    const __u64 files = POINTER(bpf_get_current_task(), task_struct, files);
    if (!files || descriptor < 0) return 0;
    const __u64 table = POINTER(files, files_struct, fdt);
    __u32 most = 0;
    READ(most, FIELD(table, fdtable, max_fds));
    if ((__u32)descriptor >= most) return 0;
    __u64 file = 0;
    READ(file, POINTER(table, fdtable, fd) + 8 * (__u64)(__u32)descriptor);
    return file;
}

__noinline int addFile(__u64 file, __u32 slot)
{
    const struct Place place = placeAt(FIELD(file, file, f_path));
    return addChain(place.dentry, place.mount, slot);
}

#endif
