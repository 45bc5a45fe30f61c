/* The fences of the program that Landlock makes: sockets, standard streams, programs. Each is one more layer. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/platform/linux/shim/shim.h"

/* Younger than the headers of Debian 12. */
#define BELLJAR_LANDLOCK_REFER (1ULL << 13)
#define BELLJAR_LANDLOCK_TRUNCATE (1ULL << 14)

enum { kNullDevice = 1 << 8 | 3 };

/* landlock_ruleset_attr with the field `scoped`, which the headers of Debian 12 do not have (Landlock ABI 6). */
struct LandlockScope {
    uint64_t handledFs;
    uint64_t handledNet;
    uint64_t scoped;
};
enum { kScopeAbstractUnixSocket = 1, kScopeSignal = 2 };

void scopeSockets(void)
{
    const struct LandlockScope scope = {.scoped = kScopeAbstractUnixSocket | kScopeSignal};
    const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &scope, sizeof scope, 0);
    if (ruleset < 0) fail("landlock ruleset");
    if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) fail("landlock restrict");
    close(ruleset);
}

/* A stream that came for reading only and would give more when opened again: not a pipe, a socket or /dev/null. */
static int couldBeReopened(int stream)
{
    struct stat info;
    if ((fcntl(stream, F_GETFL) & O_ACCMODE) != O_RDONLY || fstat(stream, &info) != 0) return 0;
    const int isNull = S_ISCHR(info.st_mode) && info.st_rdev == kNullDevice;
    return !isNull && !S_ISFIFO(info.st_mode) && !S_ISSOCK(info.st_mode);
}

/* A standard stream may be a file of the host that was opened for reading only; /proc/self/fd leads to it past our
 * mounts, and the kernel would open it again for writing. So writing is only allowed below our own root, and in those
 * streams that came writable. Without Landlock 2 (Linux 5.19) this stays open. */
void guardStreams(void)
{
    int needed = 0;
    for (int stream = 0; stream < 3; ++stream) needed |= couldBeReopened(stream);
    if (!needed) return; /* Landlock makes each open(2) dearer. */
    const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 2) return;
    const uint64_t write = LANDLOCK_ACCESS_FS_WRITE_FILE | (version >= 3 ? BELLJAR_LANDLOCK_TRUNCATE : 0);
    const struct landlock_ruleset_attr handled = {.handled_access_fs = write | BELLJAR_LANDLOCK_REFER};
    const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (ruleset < 0) fail("landlock ruleset");
    const int root = open("/", O_PATH | O_CLOEXEC | O_DIRECTORY);
    /* REFER: without it nothing could be moved to another folder. */
    struct landlock_path_beneath_attr rule = {.allowed_access = handled.handled_access_fs, .parent_fd = root};
    if (root < 0 || syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        fail("landlock root");
    rule.allowed_access = write;
    for (int stream = 0; stream < 3; ++stream) {
        if ((fcntl(stream, F_GETFL) & O_ACCMODE) == O_RDONLY) continue;
        rule.parent_fd = stream;
        /* Pipes and sockets are in no tree; they need no rule and get none. */
        syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    }
    if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) fail("landlock restrict");
    close(root);
    close(ruleset);
}

/* Changed when `program` is not what its hash was taken of. */
static int isSame(const struct ShimProgram* program, int file)
{
    struct stat info;
    if (program->size == ~(uint64_t)0) return 1;
    return fstat(file, &info) == 0 && info.st_dev == program->device && info.st_ino == program->inode &&
           (uint64_t)info.st_size == program->size &&
           (int64_t)info.st_ctim.tv_sec * 1000000000 + info.st_ctim.tv_nsec == program->changedNs;
}

/* Only the programs may be executed: the kernel asks when it opens a program, its script's interpreter and its loader.
 * Files may be moved as before, but nowhere where they could be executed then. */
void fencePrograms(const struct ShimHeader* header)
{
    const char* data = (const char*)header;
    const struct ShimProgram* programs = (const struct ShimProgram*)(const void*)(data + header->programsOffset);
    const struct landlock_ruleset_attr handled = {.handled_access_fs =
                                                      LANDLOCK_ACCESS_FS_EXECUTE | BELLJAR_LANDLOCK_REFER};
    const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (ruleset < 0) fail("landlock ruleset");
    struct landlock_path_beneath_attr rule = {.allowed_access = BELLJAR_LANDLOCK_REFER,
                                              .parent_fd = open("/", O_PATH | O_CLOEXEC | O_DIRECTORY)};
    if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) fail("landlock root");
    close(rule.parent_fd);
    rule.allowed_access = LANDLOCK_ACCESS_FS_EXECUTE;
    for (uint32_t i = 0; i < header->programs; ++i) {
        rule.parent_fd = open(data + programs[i].path, O_PATH | O_CLOEXEC | O_NOFOLLOW);
        if (rule.parent_fd < 0) fail("listed program");
        if (!isSame(&programs[i], rule.parent_fd)) {
            errno = ESTALE;
            fail("listed program");
        }
        if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) fail("listed program");
        close(rule.parent_fd);
    }
    if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) fail("landlock restrict");
    close(ruleset);
}
