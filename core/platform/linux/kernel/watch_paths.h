/* What the sandboxee wrote: paths, with the folder that they start from, and other bytes. */
#ifndef BELLJAR_KERNEL_WATCH_PATHS_H
#define BELLJAR_KERNEL_WATCH_PATHS_H

#include "core/platform/linux/kernel/watch_chain.h"

/* The text at a user's address, at most a path long. Returns its first byte, 0 without one. */
__noinline int addText(__u64 address, __u32 slot)
{
    struct Scratch* scratch = scratchRoom();
    if (!scratch) return 0;
    slot &= kTexts - 1;
    struct BelljarRecord* record = &scratch->record;
    const __u32 used = record->textBytes;
    if (used > kTextRoom - kPathRoom) {
        record->flags |= kFlagCut;
        return 0;
    }
    char* to = scratch->texts + used;
    const long length = bpf_probe_read_user_str(to, kPathRoom, (const void*)address);
    if (length <= 0) {
        record->flags |= kFlagUnreadable;
        return 0;
    }
    record->texts[slot].at = (__u16)used;
    record->texts[slot].length = (__u16)(length - 1);
    record->textBytes = used + ((__u32)length & 0x1fff);
    return *to;
}

/* A path, and, if it is relative, the folder it starts from. */
__noinline int addPath(__s32 folder, __u64 address, __u32 folderSlot, __u32 pathSlot)
{
    if (addText(address, pathSlot) == '/') return 0;
    enum { kCurrentFolder = -100 };
    if (folder == kCurrentFolder) return addFolder(folderSlot);
    const __u64 file = fileOf(folder);
    return file ? addFile(file, folderSlot) : 0;
}

/* The bytes at a user's address. Returns the first two of them as a number. */
__noinline int addBytes(__u64 address, __u64 length, __u32 slot)
{
    struct Scratch* scratch = scratchRoom();
    if (!scratch) return 0;
    slot &= kTexts - 1;
    struct BelljarRecord* record = &scratch->record;
    const __u32 used = record->textBytes;
    length = (__u32)length;
    UNKNOWN(length);
    if (length > kSocketRoom) length = kSocketRoom;
    if (used > kTextRoom - kSocketRoom || length == 0) return 0;
    char* to = scratch->texts + used;
    if (bpf_probe_read_user(to, (__u32)length, (const void*)address) != 0) {
        record->flags |= kFlagUnreadable;
        return 0;
    }
    record->texts[slot].at = (__u16)used;
    record->texts[slot].length = (__u16)length;
    record->textBytes = used + (__u32)length;
    return *(__u16*)to;
}

#endif
