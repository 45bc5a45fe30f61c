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
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/platform/linux/shim/inside.h"
#include "core/platform/linux/shim/shim.h"
#include "core/platform/linux/shim/steps.h"

enum { kMostTrees = 512, kMostLeft = 200, kQuietMs = 20 };

static int g_hostNamespace = -1;
static int g_mountNamespace = -1;
static int g_stage = -1;        /* Where trees are put together. */
static int g_trees[kMostTrees]; /* For each step that places one; they stand nowhere yet. */
static uint32_t g_staged = 0;
static int g_leaving[kMostTrees]; /* For each kStepRetire. */

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
    const int ownFiles = open("/proc/self/fd", O_PATH | O_CLOEXEC | O_DIRECTORY);
    if (g_hostNamespace < 0 || hostRoot < 0 || ownFiles < 0) failStep("host");
    useLiveHost(hostRoot);
    enter(g_mountNamespace);
    const int inside = openPlain(AT_FDCWD, "/");
    if (inside < 0) failStep("root");
    useInside(inside, ownFiles);
    enter(g_hostNamespace);
}

static void openStage(void)
{
    if (g_stage >= 0) return;
    g_stage = makeTmpfs(0700, 0);
    if (move_mount(g_stage, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) != 0) failStep("stage");
}

static void stageName(char* name, uint32_t number)
{
    putNumber(put(name, "/t"), number, 10);
}

/* The last tree has been copied from there. */
static void clearStage(void)
{
    char name[16];
    stageName(name, --g_staged);
    const int tree = openPlain(g_stage, name + 1);
    if (tree < 0) failStep("stage");
    struct stat info;
    const int isFolder = fstat(tree, &info) == 0 && S_ISDIR(info.st_mode);
    detach(tree);
    close(tree);
    if (unlinkat(g_stage, name + 1, isFolder ? AT_REMOVEDIR : 0) != 0) failStep("stage");
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

/* A folder that shows nothing and stays so. */
static int makeMask(const struct ShimStep* step)
{
    const int tree = makeTmpfs(step->mode, step->size);
    const struct mount_attr how = {.attr_set = MOUNT_ATTR_RDONLY};
    if (mount_setattr(tree, "", AT_EMPTY_PATH, (struct mount_attr*)&how, sizeof how) != 0) failStep("read-only");
    return tree;
}

/* A tree for `target` made by `count` steps, of which the first is about the target itself. */
static int makeTree(const char* data, const char* target, const struct ShimStep* steps, uint32_t count)
{
    if (count == 1 && (steps->kind == kStepBind || steps->kind == kStepReadOnlyBind))
        return copyOfHost(steps, textOf(data, steps->source));
    openStage();
    useRoot(g_stage);
    if (count == 1 && steps->kind == kStepEmptyFile) return copyEmptyFile(steps->mode);
    if (count == 2 && steps[0].kind == kStepTmpfs && steps[1].kind == kStepReadOnly) return makeMask(&steps[0]);
    char place[16];
    stageName(place, g_staged++);
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
    for (uint32_t i = 0; i < trees; ++i) closeLater(g_trees[i]);
    enter(g_hostNamespace);
}

/* Cleans up after changes, when no other one follows at once: each unmounting waits for the whole machine, and the next
 * change would wait with it. */
static void awaitQuiet(int control)
{
    struct pollfd wait = {.fd = control, .events = POLLIN};
    for (uint32_t left = 0; (left = g_staged + countLater()) > 0;) {
        if (left < kMostLeft && poll(&wait, 1, kQuietMs) > 0) return;
        if (g_staged > 0) clearStage();
        else closeOneLater();
    }
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
        awaitQuiet(control);
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
