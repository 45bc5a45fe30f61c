/* Changing the tree of a running sandbox from inside its mount namespace: see mounts.c. */
#define _GNU_SOURCE
#include "core/platform/linux/shim/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/platform/linux/shim/shim.h"
#include "core/platform/linux/shim/steps.h"

/* Younger than the headers of Debian 12. */
#ifndef MOVE_MOUNT_BENEATH
#define MOVE_MOUNT_BENEATH 0x00000200
#endif

enum { kMostLater = 256 };

static int g_ownFiles = -1;     /* The host's /proc/self/fd. */
static int g_inside = -1;       /* The sandbox's root. */
static uint64_t g_rootMount;    /* Its number. */
static int g_later[kMostLater]; /* To be closed when there is time. */
static uint32_t g_laterCount = 0;
static int g_rootInside = -1;  /* The file system of the sandbox's root, without what is mounted in it, writable. */
static int g_grave = -1;       /* Where mounts are buried: nobody may enter it. */
static int g_graveInside = -1; /* The same, writable. */
static uint32_t g_buried = 0;

static uint64_t mountNumber(int place)
{
    struct statx info;
    return syscall(SYS_statx, place, "", AT_EMPTY_PATH, STATX_MNT_ID, &info) == 0 ? info.stx_mnt_id : 0;
}

void useInside(int root, int ownFiles)
{
    g_inside = root;
    g_rootMount = mountNumber(root);
    g_ownFiles = ownFiles;
}

/* Lets go of what is mounted at `place`, whatever name leads there: a file cannot be a working folder, so by the name
 * of our own descriptor. */
void detach(int place)
{
    char name[12];
    putNumber(name, (uint64_t)place, 10);
    if (fchdir(g_ownFiles) != 0 || umount2(name, MNT_DETACH) != 0) failStep("unmount");
}

void closeLater(int fd)
{
    if (g_laterCount == kMostLater) close(fd);
    else g_later[g_laterCount++] = fd;
}

uint32_t countLater(void)
{
    return g_laterCount;
}

void closeOneLater(void)
{
    if (g_laterCount > 0) close(g_later[--g_laterCount]);
}

/* What stands at `target`; an error unless it may be missing. */
int openInside(const char* target, int mayBeMissing)
{
    const int place = openPlain(g_inside, belowRoot(target));
    if (place < 0 && !(mayBeMissing && errno == ENOENT)) failStep("mount point");
    return place;
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
    if (mountNumber(folder) != g_rootMount) {
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

/* A folder or file that a mount is about to cover. */
struct Point {
    int folder; /* Writable; -1: it was there before. */
    const char* name;
    int isFolder;
};

/* Closed until it is covered: nobody inside sees an empty folder, and who looks for something in it all the time does
 * not keep the kernel from mounting there. */
static struct Point makePoint(const char* target, int isFolder)
{
    struct Point point = {.isFolder = isFolder};
    point.folder = openAbove(target, &point.name);
    const int made = isFolder ? mkdirat(point.folder, point.name, 0) : mknodat(point.folder, point.name, S_IFREG, 0);
    if (made != 0 && errno != EEXIST) failStep("mount point");
    if (made != 0) point.folder = -1;
    return point;
}

/* When the mount goes it may be on the way to another one. */
static void openPoint(const struct Point* point)
{
    const int place = point->folder < 0 ? -1 : openPlain(point->folder, point->name);
    if (place < 0) return;
    char name[12];
    putNumber(name, (uint64_t)place, 10);
    fchmodat(g_ownFiles, name, point->isFolder ? 0755 : 0644, 0);
    close(place);
}

void makeLinkInside(const char* target, const char* content)
{
    const char* name = NULL;
    const int folder = openAbove(target, &name);
    if (symlinkat(content, folder, name) != 0 && errno != EEXIST) failStep("link");
}

/* What is not empty, or gone, or not what we make, stays so: the program may own the folder. */
void unmake(const char* target, int isPlace)
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
    struct Point made = {.folder = -1};
    if (place < 0) {
        made = makePoint(target, (flags & kPlaceFile) == 0);
        place = openInside(target, 0);
    }
    if (move_mount(tree, "", place, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) != 0) {
        const int why = errno;
        if (made.folder >= 0) unlinkat(made.folder, made.name, made.isFolder ? AT_REMOVEDIR : 0);
        errno = why;
        failStep("mount");
    }
    close(place);
    /* The program may have moved the place meanwhile. */
    place = openPlain(g_inside, belowRoot(target));
    if (place < 0 || mountNumber(place) != mountNumber(tree)) {
        detach(tree);
        errno = ESTALE;
        failStep("mount point");
    }
    close(place);
    openPoint(&made);
}

void placeTree(int tree, const char* target, uint32_t flags)
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

void takeAway(int old, uint32_t flags)
{
    if (flags & kPlaceBuries) openGrave();
    if (flags & kPlaceNarrows) narrow(old);
    retire(old, flags);
    callFailures(kShimBroken);
    close(old);
}

void toggle(const char* target, int readOnly, int all)
{
    const int place = openInside(target, 0);
    struct mount_attr how = {0};
    if (readOnly) how.attr_set = MOUNT_ATTR_RDONLY;
    else how.attr_clr = MOUNT_ATTR_RDONLY;
    if (mount_setattr(place, "", AT_EMPTY_PATH | (all ? AT_RECURSIVE : 0), &how, sizeof how) != 0) failStep("toggle");
    callFailures(kShimBroken);
    close(place);
}
