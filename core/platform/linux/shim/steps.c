/* The steps of a sandbox's tree: what bubblewrap does with the same options, with the mount calls of Linux 5.12, which
 * need neither /proc/self/mountinfo nor a second process.
 *
 * Everything is made below a descriptor of the root of a tree that is in the making; no path is ever followed through a
 * symbolic link, so nothing that an earlier sandbox has planted leads a mount elsewhere. */
#define _GNU_SOURCE
#include "core/platform/linux/shim/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/platform/linux/shim/shim.h"

static const char kEmptyFile[] = ".belljar-empty";
static const char kDataFile[] = ".belljar-data";

static const uint64_t kEmptyFileAttributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;

static uint32_t g_step = 0;
static int g_root = -1;
static int g_hostRoot = AT_FDCWD;
static uint64_t g_propagation = 0; /* Of copies. */
static int g_emptyFile = -1;
static uint32_t g_emptyFileMode = 0;

void useRoot(int root)
{
    g_root = root;
}

void useLiveHost(int hostRoot)
{
    g_hostRoot = hostRoot;
    g_propagation = MS_PRIVATE;
}

void beginStep(uint32_t number)
{
    g_step = number;
}

_Noreturn void failStep(const char* what)
{
    failAt(what, g_step);
}

int openPlain(int folder, const char* path)
{
    const struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

char* put(char* at, const char* text)
{
    const size_t length = strlen(text);
    memcpy(at, text, length + 1);
    return at + length;
}

char* putNumber(char* at, uint64_t value, unsigned base)
{
    char digits[24];
    size_t begin = sizeof digits - 1;
    digits[begin] = '\0';
    do digits[--begin] = (char)('0' + value % base);
    while ((value /= base) != 0);
    return put(at, digits + begin);
}

const char* belowRoot(const char* target)
{
    if (target[0] != '/' || strlen(target) >= kLongestPath) {
        errno = EINVAL;
        failStep("target");
    }
    return target[1] == '\0' ? "." : target + 1;
}

/* The folder that holds `target`, made with everything above it where it is missing; `name` gets the last component. */
static int openParent(const char* target, const char** name)
{
    char path[kLongestPath];
    strcpy(path, belowRoot(target));
    char* slash = strrchr(path, '/');
    *name = strrchr(target, '/') + 1;
    if (slash == NULL) return openPlain(g_root, ".");
    *slash = '\0';
    int folder = openPlain(g_root, path);
    if (folder >= 0 || errno != ENOENT) return folder;
    folder = openPlain(g_root, ".");
    for (char* part = path; part != NULL && folder >= 0;) {
        char* end = strchr(part, '/');
        if (end != NULL) *end++ = '\0';
        if (mkdirat(folder, part, 0755) != 0 && errno != EEXIST) return -1;
        const int next = openPlain(folder, part);
        close(folder);
        folder = next;
        part = end;
    }
    return folder;
}

/* What stands at `target`, with `name` "". Where nothing does: its folder, in which `name` has just been made, as a
 * folder or an empty file. */
static int openPlace(const char* target, const char** name, int asFolder, mode_t mode)
{
    *name = "";
    int place = openPlain(g_root, belowRoot(target));
    if (place < 0 && errno == ENOENT) {
        place = openParent(target, name);
        if (place < 0) failStep("folders above");
        if (asFolder ? mkdirat(place, *name, mode) : mknodat(place, *name, S_IFREG | 0644, 0)) failStep("mount point");
    }
    if (place < 0) failStep("mount point");
    return place;
}

/* Moves a mount that stands nowhere yet to `name` in `folder`, which is no link that would be followed. */
static void attachIn(int mount, int folder, const char* name)
{
    const unsigned atFolder = name[0] == '\0' ? MOVE_MOUNT_T_EMPTY_PATH : 0u;
    if (move_mount(mount, "", folder, name, MOVE_MOUNT_F_EMPTY_PATH | atFolder) != 0) failStep("mount");
    close(mount);
}

/* The same to `target`, which is made where it is missing, as a folder or an empty file. By descriptors, so that a
 * folder which the user may not enter can be covered, too. */
static void attach(int mount, const char* target, int asFolder)
{
    const char* name = NULL;
    const int place = openPlace(target, &name, asFolder, 0755);
    attachIn(mount, place, name);
    close(place);
}

static void protect(int mount, uint64_t attributes, unsigned flags)
{
    const struct mount_attr how = {.attr_set = attributes, .propagation = g_propagation};
    if (mount_setattr(mount, "", AT_EMPTY_PATH | flags, (struct mount_attr*)&how, sizeof how) != 0)
        failStep("mount attributes");
}

int copyMounts(int folder, const char* path, unsigned flags, uint64_t attributes)
{
    const int tree = open_tree(folder, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);
    if (tree < 0) failStep("bind");
    protect(tree, attributes, flags & AT_RECURSIVE);
    return tree;
}

static void attachCopy(int source, const char* target, uint64_t attributes)
{
    struct stat info;
    if (fstat(source, &info) != 0) failStep("source");
    const int isFolder = S_ISDIR(info.st_mode);
    attach(copyMounts(source, "", AT_EMPTY_PATH | (isFolder ? AT_RECURSIVE : 0u), attributes), target, isFolder);
}

int openSource(const char* source, uint64_t identity)
{
    const int from = openPlain(g_hostRoot, g_hostRoot == AT_FDCWD ? source : belowRoot(source));
    if (from < 0) failStep("source");
    struct stat info;
    if (identity == 0) return from;
    if (fstat(from, &info) != 0) failStep("source");
    if (BELLJAR_IDENTITY(info.st_dev, info.st_ino) == identity) return from;
    errno = ESTALE;
    failStep("source");
}

static void bindPath(const char* source, const char* target, uint64_t identity, uint64_t attributes)
{
    const int from = openSource(source, identity);
    attachCopy(from, target, attributes);
    close(from);
}

static int newFileSystem(const char* type)
{
    const int context = fsopen(type, FSOPEN_CLOEXEC);
    if (context < 0) failStep(type);
    return context;
}

static void setOption(int context, const char* key, const char* value)
{
    if (fsconfig(context, value == NULL ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING, key, value, 0) != 0) failStep(key);
}

/* A new file system that is attached nowhere yet; `context` is closed. */
static int makeMount(int context, unsigned attributes)
{
    if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0) failStep("file system");
    const int made = fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | attributes);
    if (made < 0) failStep("file system");
    close(context);
    return made;
}

int makeTmpfs(uint32_t mode, uint64_t size)
{
    const int context = newFileSystem("tmpfs");
    char text[32];
    putNumber(text, mode, 8);
    setOption(context, "mode", text);
    if (size != 0) {
        putNumber(text, size, 10);
        setOption(context, "size", text);
    }
    return makeMount(context, MOUNT_ATTR_NODEV);
}

static int makeTerminals(void)
{
    const int context = newFileSystem("devpts");
    setOption(context, "newinstance", NULL);
    setOption(context, "ptmxmode", "0666");
    setOption(context, "mode", "620");
    return makeMount(context, MOUNT_ATTR_NOEXEC);
}

/* Read-only from its start: root's /proc/sys would be writable even without capabilities. */
static void mountProc(const char* target)
{
    const int context = newFileSystem("proc");
    setOption(context, "ro", NULL);
    attach(makeMount(context, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC), target, 1);
}

/* What is the system's is covered by itself, read-only: settings of the network belong to whom it belongs. */
static void mountOpenProc(const char* target)
{
    static const char* const system[] = {"sys", "sysrq-trigger", "irq", "bus"};
    const uint64_t attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    const int made = makeMount(newFileSystem("proc"), MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
    const int folder = fcntl(made, F_DUPFD_CLOEXEC, 3);
    if (folder < 0) failStep("/proc");
    attach(made, target, 1);
    for (size_t i = 0; i < sizeof system / sizeof *system; ++i) {
        const int place = openat(folder, system[i], O_PATH | O_NOFOLLOW | O_CLOEXEC);
        if (place < 0 && errno == ENOENT) continue; /* not every kernel has it */
        if (place < 0) failStep(system[i]);
        attachIn(copyMounts(place, "", AT_EMPTY_PATH, attributes | MOUNT_ATTR_RDONLY), place, "");
        close(place);
    }
    close(folder);
}

static void makeLink(const char* content, const char* target)
{
    const char* name = NULL;
    const int parent = openParent(target, &name);
    if (parent < 0) failStep("folders above");
    if (symlinkat(content, parent, name) != 0) failStep("link");
    close(parent);
}

static void makeDevices(const char* target)
{
    static const char* const devices[] = {"full", "null", "random", "tty", "urandom", "zero"};
    static const char* const links[][2] = {{"/proc/self/fd", "fd"},       {"/proc/self/fd/0", "stdin"},
                                           {"/proc/self/fd/1", "stdout"}, {"/proc/self/fd/2", "stderr"},
                                           {"/proc/kcore", "core"},       {"pts/ptmx", "ptmx"}};
    const int made = makeTmpfs(0755, 0);
    const int folder = fcntl(made, F_DUPFD_CLOEXEC, 3);
    if (folder < 0) failStep("devices");
    attach(made, target, 1);
    for (size_t i = 0; i < sizeof devices / sizeof *devices; ++i) {
        char source[32];
        put(put(source, "/dev/"), devices[i]);
        if (mknodat(folder, devices[i], S_IFREG | 0644, 0) != 0) failStep("device");
        attachIn(copyMounts(AT_FDCWD, source, AT_SYMLINK_NOFOLLOW, MOUNT_ATTR_NOSUID), folder, devices[i]);
    }
    for (size_t i = 0; i < sizeof links / sizeof *links; ++i)
        if (symlinkat(links[i][0], folder, links[i][1]) != 0) failStep("link");
    if (mkdirat(folder, "shm", 0755) != 0 || mkdirat(folder, "pts", 0755) != 0) failStep("device folder");
    attachIn(makeTerminals(), folder, "pts");
    close(folder);
}

/* All empty files of one mode are mounts of a single one, which stands nowhere when the tree is done. */
static int emptyFile(uint32_t mode)
{
    if (g_emptyFile < 0 || mode != g_emptyFileMode) {
        if (g_emptyFile >= 0) close(g_emptyFile);
        unlinkat(g_root, kEmptyFile, 0);
        if (mknodat(g_root, kEmptyFile, S_IFREG | mode, 0) != 0) failStep("empty file");
        g_emptyFile = openPlain(g_root, kEmptyFile);
        g_emptyFileMode = mode;
    }
    if (g_emptyFile < 0) failStep("empty file");
    return g_emptyFile;
}

int copyEmptyFile(uint32_t mode)
{
    return copyMounts(emptyFile(mode), "", AT_EMPTY_PATH, kEmptyFileAttributes);
}

void dropEmptyFile(void)
{
    if (g_emptyFile < 0) return;
    close(g_emptyFile);
    g_emptyFile = -1;
    if (unlinkat(g_root, kEmptyFile, 0) != 0) failStep("empty file");
}

static void makeReadOnly(const char* target)
{
    if (strcmp(target, "/") == 0) dropEmptyFile();
    const int place = openPlain(g_root, belowRoot(target));
    if (place < 0) failStep("read-only");
    protect(place, MOUNT_ATTR_RDONLY, 0);
    close(place);
}

static void closeExecution(const char* target)
{
    const int place = openPlain(g_root, belowRoot(target));
    if (place < 0) failStep("no execution");
    protect(place, MOUNT_ATTR_NOEXEC, AT_RECURSIVE);
    close(place);
}

/* A file that stands nowhere but at its target. */
static void mountData(const char* bytes, uint64_t size, const char* target, uint32_t mode)
{
    if (mknodat(g_root, kDataFile, S_IFREG | S_IWUSR | mode, 0) != 0) failStep("data file");
    const int file = openat(g_root, kDataFile, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) failStep("data file");
    while (size > 0) {
        const ssize_t written = write(file, bytes, size);
        if (written <= 0) failStep("data file");
        bytes += written;
        size -= (uint64_t)written;
    }
    close(file); /* Or executing it would be ETXTBSY. */
    const int place = openPlain(g_root, kDataFile);
    if (place < 0) failStep("data file");
    attachCopy(place, target, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    close(place);
    if (unlinkat(g_root, kDataFile, 0) != 0) failStep("data file");
}

void makeStep(const struct ShimStep* step, const char* source, const char* target)
{
    const uint64_t plain = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
    const char* name = NULL;
    switch (step->kind) {
        case kStepBind: bindPath(source, target, step->size, plain); break;
        case kStepReadOnlyBind: bindPath(source, target, step->size, plain | MOUNT_ATTR_RDONLY); break;
        case kStepTmpfs: attach(makeTmpfs(step->mode, step->size), target, 1); break;
        case kStepDevices: makeDevices(target); break;
        case kStepProc: mountProc(target); break;
        case kStepOpenProc: mountOpenProc(target); break;
        case kStepEmptyFile: attachCopy(emptyFile(step->mode), target, kEmptyFileAttributes); break;
        case kStepFolder: close(openPlace(target, &name, 1, step->mode)); break;
        case kStepLink: makeLink(source, target); break;
        case kStepReadOnly: makeReadOnly(target); break;
        case kStepNoExec: closeExecution(target); break;
        case kStepData: mountData(source, step->size, target, step->mode); break;
        default: errno = EINVAL; failStep("unknown step");
    }
}
