/* The sandbox's tree, made by process 1 itself.
 *
 * Everything is made below a descriptor of the new root, while "/" is still the host's (steps.c). Then the host's tree
 * goes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
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

static const char* stringAt(const char* data, size_t size, uint32_t offset)
{
    if (offset >= size || memchr(data + offset, 0, size - offset) == NULL) {
        errno = EINVAL;
        failStep("launch data");
    }
    return data + offset;
}

/* An empty file system over the host's root. Paths still begin at the host's root below it. */
static int openNewRoot(void)
{
    const struct mount_attr private = {.propagation = MS_PRIVATE};
    /* What the host mounts later must not appear inside. */
    if (mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, (struct mount_attr*)&private, sizeof private) != 0)
        failStep("private mounts");
    const int root = makeTmpfs(0755, 0);
    useRoot(root);
    if (move_mount(root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) != 0) failStep("root");
    return root;
}

/* The new root becomes "/", the host's tree is gone. */
static void leaveHostTree(int root)
{
    if (fchdir(root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0) failStep("pivot_root");
    if (umount2(".", MNT_DETACH) != 0 || chdir("/") != 0) failStep("leaving the host's tree");
    close(root);
}

/* The kernel gives the interface its addresses when it comes up. */
static void raiseLoopback(void)
{
    const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    if (any < 0 || ioctl(any, SIOCSIFFLAGS, &request) != 0) fail("loopback");
    close(any);
}

/* Echo requests without privileges, for the one group that is mapped; whether any socket for them is made is the
 * filter's matter. Where /proc/sys cannot be written there are none. */
static void openEchoes(void)
{
    const int file = open("/proc/sys/net/ipv4/ping_group_range", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    if (write(file, "0 0", 3) < 0) errno = 0;
    close(file);
}

/* Made here, where we have power over the network; the launcher keeps it, the program will have none. */
static void offerNetwork(const struct ShimHeader* header)
{
    const int netfilter = (header->flags & kShimWithoutFilter) ? NETLINK_ROUTE : NETLINK_NETFILTER;
    const int kinds[kNetworkSockets][3] = {
        [kSocketRoute] = {AF_NETLINK, SOCK_RAW, NETLINK_ROUTE},
        [kSocketFilter] = {AF_NETLINK, SOCK_RAW, netfilter},
        [kSocketQueue] = {AF_NETLINK, SOCK_RAW, netfilter},
        [kSocketStream4] = {AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0},
        [kSocketStream6] = {AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0},
        [kSocketDatagram4] = {AF_INET, SOCK_DGRAM, 0},
        [kSocketDatagram6] = {AF_INET6, SOCK_DGRAM, 0},
        [kSocketRaw4] = {AF_INET, SOCK_RAW, IPPROTO_RAW},
        [kSocketRaw6] = {AF_INET6, SOCK_RAW, IPPROTO_RAW},
        [kSocketMakerListener] = {AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0},
        [kSocketMakerDialer] = {AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0},
        [kSocketMessages] = {AF_NETLINK, SOCK_RAW, netfilter},
    };
    int made[kNetworkSockets];
    for (size_t i = 0; i < kNetworkSockets; ++i) {
        made[i] = socket(kinds[i][0], kinds[i][1] | SOCK_CLOEXEC, kinds[i][2]);
        if (made[i] < 0) fail("sockets of the network");
    }
    hand(kShimNetwork, 0, made, kNetworkSockets);
    for (size_t i = 0; i < kNetworkSockets; ++i) close(made[i]);
}

static void writeMap(int self, const char* file, uint32_t id)
{
    char line[32];
    const size_t length = (size_t)(put(putNumber(line, id, 10), " 0 1\n") - line);
    const int map = openat(self, file, O_WRONLY | O_CLOEXEC);
    if (map < 0 || write(map, line, length) != (ssize_t)length) fail("user map");
    close(map);
}

/* The pid namespace's own limit, through whatever /proc: it is that of who writes. A limit that the kernel finds too
 * low for its processors stays out; the launcher only asks where it is the namespace's own. */
static void limitProcessNumbers(const char* highest)
{
    const int file = open("/proc/sys/kernel/pid_max", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    if (write(file, highest, strlen(highest)) < 0) errno = 0;
    close(file);
}

/* A user namespace of its own in which the user has the own number again, and which owns none of the mounts. */
static void dropPower(const struct ShimHeader* header, int self)
{
    if (unshare(CLONE_NEWUSER) != 0) fail("user namespace");
    writeMap(self, "gid_map", header->gid);
    writeMap(self, "uid_map", header->uid);
    unsigned long number = 0;
    while (prctl(PR_CAPBSET_DROP, number, 0, 0, 0) == 0) ++number;
    if (errno != EINVAL || number == 0) fail("capabilities"); /* EINVAL: the first that this kernel does not have */
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    const struct __user_cap_header_struct version = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    const struct __user_cap_data_struct none[2] = {{0}};
    if (syscall(SYS_capset, &version, none) != 0) fail("capabilities");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs");
}

void enterTree(const struct ShimHeader* header, const char* data, size_t size)
{
    /* We end with the launcher's thread; were it gone already, its socket would say so. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail("parent's end");
    setsid();
    signal(SIGCHLD, SIG_DFL);
    if (header->stepsOffset % 8 != 0 || header->stepsOffset > size ||
        header->steps > (size - header->stepsOffset) / sizeof(struct ShimStep)) {
        errno = EINVAL;
        fail("launch data");
    }
    const mode_t mask = umask(0);
    const int self = open("/proc/self", O_PATH | O_CLOEXEC | O_DIRECTORY);
    if (self < 0) fail("/proc");
    const char* name = stringAt(data, size, header->hostName);
    if (sethostname(name, strlen(name)) != 0) fail("host name");
    if (header->flags & kShimOwnNetwork) raiseLoopback();
    if (header->flags & kShimOfferNetwork) {
        openEchoes();
        offerNetwork(header);
    }
    if (header->processNumbers != 0) limitProcessNumbers(stringAt(data, size, header->processNumbers));
    const int root = openNewRoot();
    const struct ShimStep* steps = (const struct ShimStep*)(const void*)(data + header->stepsOffset);
    for (uint32_t i = 0; i < header->steps; ++i) {
        beginStep(i + 1);
        if (steps[i].kind == kStepData && (steps[i].source > size || steps[i].size > size - steps[i].source)) {
            errno = EINVAL;
            failStep("launch data");
        }
        makeStep(&steps[i], steps[i].source == 0 ? NULL : stringAt(data, size, steps[i].source),
                 stringAt(data, size, steps[i].target));
    }
    beginStep(0);
    leaveHostTree(root);
    dropPower(header, self);
    close(self);
    umask(mask);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail("parent's end"); /* Changed credentials may clear it. */
}
