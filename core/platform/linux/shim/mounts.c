/* Changes the tree of a running sandbox: `belljar-shim mounts SOCKET NAMESPACE`, a process outside, started when the
 * first change is asked for.
 *
 * It joins the user namespace that owns the sandbox's mounts, whose owner is the user, and makes a copy of the host's
 * tree there: only who has that power over a mount may copy it. What is to be granted is copied there, by names that no
 * link leads away, and moved into the sandbox. A mount that goes is replaced in one moment: the new one is moved
 * beneath it, then it is moved away. One that has mounts below it is not unmounted but buried below /proc: who has its
 * working folder or an open folder in it goes on to see it, and unmounting would open its masks.
 *
 * A change fails as a whole before it begins to change anything, and this process ends with it; the launcher starts
 * another one for the next. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/platform/linux/shim/shim.h"
#include "core/platform/linux/shim/steps.h"

/* Younger than the headers of Debian 12. */
#ifndef MOVE_MOUNT_BENEATH
#define MOVE_MOUNT_BENEATH 0x00000200
#endif

enum { kMostTrees = 512, kMostLater = 64 };

static int g_hostNamespace = -1;
static int g_mountNamespace = -1;
static int g_ownFiles = -1;     /* The host's /proc/self/fd. */
static int g_inside = -1;       /* The sandbox's root. */
static int g_stage = -1;        /* Where trees are put together. */
static int g_trees[kMostTrees]; /* For each step that places one; they stand nowhere yet. */
static uint32_t g_staged = 0;
static int g_later[kMostLater]; /* To be closed when the change is done. */
static uint32_t g_laterCount = 0;
static int g_rootInside = -1;     /* The file system of the sandbox's root, without what is mounted in it, writable. */
static int g_leaving[kMostTrees]; /* For each kStepRetire. */
static int g_grave = -1;          /* Where mounts are buried: nobody may enter it. */
static int g_graveInside = -1;    /* The same, writable. */
static uint32_t g_buried = 0;

static void enter(int mountNamespace)
{
    if (syscall(SYS_setns, mountNamespace, CLONE_NEWNS) != 0) failStep("mount namespace");
}

/* Our own copy of the host's tree, in the user namespace that owns the sandbox's. */
static void prepare(int mountNamespace)
{
    const int owner = ioctl(mountNamespace, NS_GET_USERNS);
    const int own = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
    struct stat there;
    struct stat here;
    if (owner < 0 || own < 0 || fstat(owner, &there) != 0 || fstat(own, &here) != 0) failStep("user namespace");
    const int joined = there.st_ino == here.st_ino && there.st_dev == here.st_dev;
    if (!joined && syscall(SYS_setns, owner, CLONE_NEWUSER) != 0) failStep("user namespace");
    close(owner);
    close(own);
    if (unshare(CLONE_NEWNS) != 0) failStep("mount namespace");
    g_mountNamespace = mountNamespace;
    g_hostNamespace = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    const int hostRoot = openPlain(AT_FDCWD, "/");
    g_ownFiles = open("/proc/self/fd", O_PATH | O_CLOEXEC | O_DIRECTORY);
    if (g_hostNamespace < 0 || hostRoot < 0 || g_ownFiles < 0) failStep("host");
    useLiveHost(hostRoot);
    enter(g_mountNamespace);
    g_inside = openPlain(AT_FDCWD, "/");
    if (g_inside < 0) failStep("root");
    enter(g_hostNamespace);
}

/* Lets go of what is mounted at `place`, whatever name leads there: a file cannot be a working folder, so by the name
 * of our own descriptor. */
static void detach(int place)
{
    char name[12];
    putNumber(name, (uint64_t)place, 10);
    if (fchdir(g_ownFiles) != 0 || umount2(name, MNT_DETACH) != 0) failStep("unmount");
}

static void openStage(void)
{
    if (g_stage >= 0) return;
    g_stage = makeTmpfs(0700, 0);
    if (move_mount(g_stage, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) != 0) failStep("stage");
}

/* Closing a mount that stands nowhere waits for the whole machine. */
static void closeLater(int fd)
{
    if (g_laterCount == kMostLater) close(fd);
    else g_later[g_laterCount++] = fd;
}

static void stageName(char* name, uint32_t number)
{
    putNumber(put(name, "/t"), number, 10);
}

/* Trees have been copied from there. */
static void clearStage(void)
{
    for (; g_staged > 0; --g_staged) {
        char name[16];
        stageName(name, g_staged - 1);
        const int tree = openPlain(g_stage, name + 1);
        if (tree < 0) failStep("stage");
        struct stat info;
        const int isFolder = fstat(tree, &info) == 0 && S_ISDIR(info.st_mode);
        detach(tree);
        close(tree);
        if (unlinkat(g_stage, name + 1, isFolder ? AT_REMOVEDIR : 0) != 0) failStep("stage");
    }
}

/* Putting trees together, in our copy of the host's tree. */

static int copyOfHost(const struct ShimStep* step, const char* source)
{
    const int from = openSource(source, step->size);
    struct stat info;
    if (fstat(from, &info) != 0) failStep("source");
    const uint64_t attributes =
        MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | (step->kind == kStepReadOnlyBind ? MOUNT_ATTR_RDONLY : 0u);
    const int tree = copyMounts(from, "", AT_EMPTY_PATH | (S_ISDIR(info.st_mode) ? AT_RECURSIVE : 0u), attributes);
    close(from);
    return tree;
}

/* The text of a step; "" where it has none. */
static const char* textOf(const char* data, uint32_t offset)
{
    return offset == 0 ? "" : data + offset;
}

/* A tree for `target` made by `count` steps, of which the first is about the target itself. */
static int makeTree(const char* data, const char* target, const struct ShimStep* steps, uint32_t count)
{
    if (count == 1 && (steps->kind == kStepBind || steps->kind == kStepReadOnlyBind))
        return copyOfHost(steps, textOf(data, steps->source));
    char place[16];
    stageName(place, g_staged++);
    openStage();
    useRoot(g_stage);
    const size_t above = strlen(target);
    for (uint32_t i = 0; i < count; ++i) {
        char path[kLongestPath + sizeof place];
        const char* full = textOf(data, steps[i].target);
        if (strlen(full) < above || strlen(full) >= kLongestPath || strncmp(full, target, above) != 0) {
            errno = EINVAL;
            failStep("target");
        }
        put(put(path, place), full + above);
        makeStep(&steps[i], textOf(data, steps[i].source), path);
    }
    const int tree = open_tree(g_stage, place + 1, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (tree < 0) failStep("tree");
    return tree;
}

/* Changing the sandbox's tree, inside. */

/* What stands at `target`; an error unless it may be missing. */
static int openInside(const char* target, int mayBeMissing)
{
    const int place = openPlain(g_inside, belowRoot(target));
    if (place < 0 && !(mayBeMissing && errno == ENOENT)) failStep("mount point");
    return place;
}

static uint64_t mountNumber(int place)
{
    struct statx info;
    return syscall(SYS_statx, place, "", AT_EMPTY_PATH, STATX_MNT_ID, &info) == 0 ? info.stx_mnt_id : 0;
}

/* The mount that `folder` is in, from there, writable. */
static int writableCopy(int folder)
{
    const int copy = open_tree(folder, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
    const struct mount_attr how = {.attr_clr = MOUNT_ATTR_RDONLY};
    if (copy < 0 || mount_setattr(copy, "", AT_EMPTY_PATH, (struct mount_attr*)&how, sizeof how) != 0)
        failStep("folder of the mount point");
    return copy;
}

/* `folder`, found inside by `path`, to change what it holds: in a file system of the sandbox's own. */
static int openWritable(int folder, const char* path)
{
    int writable = -1;
    if (mountNumber(folder) != mountNumber(g_inside)) {
        writable = writableCopy(folder);
    } else {
        if (g_rootInside < 0) g_rootInside = writableCopy(g_inside);
        writable = openPlain(g_rootInside, path);
    }
    if (writable < 0) failStep("folder of the mount point");
    closeLater(writable);
    return writable;
}

/* The folder above `target`, writable, made with all above it where it is missing; `name` gets the last component. */
static int openAbove(const char* target, const char** name)
{
    char path[kLongestPath];
    put(put(path, "./"), belowRoot(target));
    *name = strrchr(target, '/') + 1;
    char* const last = strrchr(path, '/');
    *last = '\0';
    /* Up to the first folder that is there, then down again. */
    char* end = last;
    int folder = -1;
    while ((folder = openPlain(g_inside, path)) < 0) {
        if (errno != ENOENT) failStep("folders above");
        end = strrchr(path, '/');
        *end = '\0';
    }
    int writable = openWritable(folder, path);
    close(folder);
    while (end != last) {
        char* part = end + 1;
        end = part + strlen(part);
        if (mkdirat(writable, part, 0755) != 0 && errno != EEXIST) failStep("folders above");
        writable = openPlain(writable, part);
        if (writable < 0) failStep("folders above");
        closeLater(writable);
    }
    return writable;
}

static void makePoint(const char* target, int isFolder)
{
    const char* name = NULL;
    const int folder = openAbove(target, &name);
    const int made = isFolder ? mkdirat(folder, name, 0755) : mknodat(folder, name, S_IFREG | 0644, 0);
    if (made != 0 && errno != EEXIST) failStep("mount point");
}

static void makeLinkInside(const char* target, const char* content)
{
    const char* name = NULL;
    const int folder = openAbove(target, &name);
    if (symlinkat(content, folder, name) != 0 && errno != EEXIST) failStep("link");
}

/* What is not empty, or gone, or not what we make, stays so: the program may own the folder. */
static void unmake(const char* target, int isPlace)
{
    char path[kLongestPath];
    put(path, belowRoot(target));
    char* slash = strrchr(path, '/');
    if (slash != NULL) *slash = '\0';
    const int above = openPlain(g_inside, slash == NULL ? "." : path);
    if (above < 0) return;
    const int folder = openWritable(above, slash == NULL ? "." : path);
    const char* name = strrchr(target, '/') + 1;
    struct stat info;
    if (isPlace && unlinkat(folder, name, AT_REMOVEDIR) != 0 && errno == ENOTDIR) {
        const int file = openPlain(folder, name);
        if (file >= 0 && fstat(file, &info) == 0 && S_ISREG(info.st_mode) && info.st_size == 0)
            unlinkat(folder, name, 0);
        if (file >= 0) close(file);
    }
    const int link = isPlace ? -1 : openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (link >= 0 && fstat(link, &info) == 0 && S_ISLNK(info.st_mode)) unlinkat(folder, name, 0);
    if (link >= 0) close(link);
    close(above);
}

/* Beneath the sandbox's own /proc, where no name leads, and closed for who comes from below. */
static void openGrave(void)
{
    if (g_grave >= 0) return;
    g_grave = makeTmpfs(0, 0);
    const int proc = openInside("/proc", 0);
    const unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH | MOVE_MOUNT_BENEATH;
    if (move_mount(g_grave, "", proc, "", flags) != 0) failStep("replacing a mount");
    close(proc);
    g_graveInside = writableCopy(g_grave);
    const struct mount_attr how = {.attr_set = MOUNT_ATTR_RDONLY};
    if (mount_setattr(g_grave, "", AT_EMPTY_PATH, (struct mount_attr*)&how, sizeof how) != 0) failStep("grave");
}

static void bury(int mount)
{
    char name[16];
    struct stat info;
    /* Begins with a dot: the launcher tells these mounts by it. */
    putNumber(put(name, "."), g_buried++, 10);
    if (fstat(mount, &info) != 0) failStep("grave");
    const int made = S_ISDIR(info.st_mode) ? mkdirat(g_graveInside, name, 0) : mknodat(g_graveInside, name, S_IFREG, 0);
    if (made != 0 || move_mount(mount, "", g_grave, name, MOVE_MOUNT_F_EMPTY_PATH) != 0) failStep("grave");
}

/* Whoever is inside keeps what it has open; where nobody writes, nobody may begin to. */
static void narrow(int mount)
{
    const struct mount_attr how = {.attr_set = MOUNT_ATTR_RDONLY};
    mount_setattr(mount, "", AT_EMPTY_PATH | AT_RECURSIVE, (struct mount_attr*)&how, sizeof how);
}

static void retire(int mount, uint32_t flags)
{
    if (flags & kPlaceBuries) bury(mount);
    else detach(mount);
}

static void placeNew(int tree, const char* target, uint32_t flags)
{
    int place = openInside(target, (flags & kPlaceMakes) != 0);
    if (place < 0) {
        makePoint(target, (flags & kPlaceFile) == 0);
        place = openInside(target, 0);
    }
    if (move_mount(tree, "", place, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) != 0) failStep("mount");
    close(place);
    /* The program may have moved the place meanwhile. */
    place = openPlain(g_inside, belowRoot(target));
    if (place < 0 || mountNumber(place) != mountNumber(tree)) {
        detach(tree);
        errno = ESTALE;
        failStep("mount point");
    }
    close(place);
}

static void placeTree(int tree, const char* target, uint32_t flags)
{
    if (!(flags & kPlaceReplaces)) {
        placeNew(tree, target, flags);
        callFailures(kShimBroken);
        return;
    }
    const int old = openInside(target, 0);
    if (flags & kPlaceBuries) openGrave();
    const unsigned how = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH | MOVE_MOUNT_BENEATH;
    if (move_mount(tree, "", old, "", how) != 0) failStep("replacing a mount");
    callFailures(kShimBroken);
    if (flags & kPlaceNarrows) narrow(old);
    retire(old, flags);
    close(old);
}

static void takeAway(int old, uint32_t flags)
{
    if (flags & kPlaceBuries) openGrave();
    if (flags & kPlaceNarrows) narrow(old);
    retire(old, flags);
    callFailures(kShimBroken);
    close(old);
}

static void toggle(const char* target, int readOnly, int all)
{
    const int place = openInside(target, 0);
    struct mount_attr how = {0};
    if (readOnly) how.attr_set = MOUNT_ATTR_RDONLY;
    else how.attr_clr = MOUNT_ATTR_RDONLY;
    if (mount_setattr(place, "", AT_EMPTY_PATH | (all ? AT_RECURSIVE : 0), &how, sizeof how) != 0) failStep("toggle");
    callFailures(kShimBroken);
    close(place);
}

/* Whether all texts are where they should be, and each tree has its steps. */
static int isWellFormed(const char* data, size_t size)
{
    const struct ShimChange* change = (const struct ShimChange*)(const void*)data;
    if (size < sizeof *change || change->magic != BELLJAR_SHIM_MAGIC || data[size - 1] != '\0') return 0;
    const size_t room = (size - sizeof *change) / sizeof(struct ShimStep);
    if (change->steps == 0 || change->steps > room) return 0;
    const struct ShimStep* steps = (const struct ShimStep*)(const void*)(change + 1);
    uint32_t trees = 0;
    uint32_t leaving = 0;
    for (uint32_t i = 0; i < change->steps; ++i) {
        const size_t texts = sizeof *change + change->steps * sizeof *steps;
        if (steps[i].target < texts || steps[i].target >= size || data[steps[i].target] != '/') return 0;
        if (steps[i].source != 0 && (steps[i].source < texts || steps[i].source >= size)) return 0;
        if (steps[i].kind == kStepRetire && ++leaving > kMostTrees) return 0;
        if (steps[i].kind != kStepPlace) continue;
        if (steps[i].size == 0 || steps[i].size >= change->steps - i || ++trees > kMostTrees) return 0;
    }
    return 1;
}

/* All that can be prepared before anything changes. Ends inside. */
static void prepareChange(const char* data, const struct ShimStep* steps, uint32_t count)
{
    uint32_t trees = 0;
    for (uint32_t i = 0; i < count; ++i) {
        beginStep(i + 1);
        if (steps[i].kind != kStepPlace) continue;
        const uint32_t parts = (uint32_t)steps[i].size;
        g_trees[trees++] = makeTree(data, textOf(data, steps[i].target), steps + i + 1, parts);
        i += parts;
    }
    enter(g_mountNamespace);
    uint32_t leaving = 0;
    for (uint32_t i = 0; i < count; ++i) {
        beginStep(i + 1);
        if (steps[i].kind == kStepPlace) i += (uint32_t)steps[i].size;
        else if (steps[i].kind == kStepRetire) g_leaving[leaving++] = openInside(textOf(data, steps[i].target), 0);
    }
}

static void apply(const char* data)
{
    const struct ShimChange* change = (const struct ShimChange*)(const void*)data;
    const struct ShimStep* steps = (const struct ShimStep*)(const void*)(change + 1);
    prepareChange(data, steps, change->steps);
    uint32_t trees = 0;
    uint32_t leaving = 0;
    for (uint32_t i = 0; i < change->steps; ++i) {
        beginStep(i + 1);
        const struct ShimStep* step = &steps[i];
        const char* target = textOf(data, step->target);
        switch (step->kind) {
            case kStepToggle: toggle(target, step->mode != 0, step->size != 0); break;
            case kStepPlace:
                placeTree(g_trees[trees++], target, step->mode);
                i += (uint32_t)step->size;
                break;
            case kStepTake: takeAway(openInside(target, 0), step->mode); break;
            case kStepRetire: takeAway(g_leaving[leaving++], step->mode); break;
            case kStepMakeLink: makeLinkInside(target, textOf(data, step->source)); break;
            case kStepUnmake: unmake(target, step->mode != 0); break;
            default: errno = EINVAL; failStep("unknown step");
        }
    }
    callFailures(kShimFailed);
    tell(kShimChanged, 0);
    for (uint32_t i = 0; i < trees; ++i) close(g_trees[i]);
    while (g_laterCount > 0) close(g_later[--g_laterCount]);
    enter(g_hostNamespace);
    clearStage();
}

_Noreturn void runMounts(int control, int mountNamespace)
{
    static char data[kShimLongestChange] __attribute__((aligned(8)));
    speakThrough(control);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_NAME, "belljar-mounts", 0, 0, 0);
    setsid(); /* What a terminal tells its foreground is not for us. */
    umask(0);
    prepare(mountNamespace);
    tell(kShimHello, 0);
    for (;;) {
        const ssize_t size = recv(control, data, sizeof data, 0);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) _exit(0); /* The session, or Belljar, is gone. */
        if (!isWellFormed(data, (size_t)size)) {
            errno = EINVAL;
            failStep("request");
        }
        apply(data);
    }
}
