#include "app/monitord/target_check.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "core/platform/posix/unique_fd.h"

#ifndef NS_GET_PID_FROM_PIDNS
#define NS_GET_PID_FROM_PIDNS _IOR(NSIO, 0x6, int)  // Linux 6.11
#endif

namespace belljar::monitord {

using linux_platform::MonitorRefusal;

uid_t userWithoutNumber()
{
    static const uid_t user = [] {
        unsigned number = 65534;
        if (std::FILE* file = std::fopen("/proc/sys/kernel/overflowuid", "re")) {
            if (std::fscanf(file, "%u", &number) != 1) number = 65534;
            std::fclose(file);
        }
        return static_cast<uid_t>(number);
    }();
    return user;
}

std::variant<std::uint32_t, MonitorRefusal> checkTarget(int descriptor, uid_t peer)
{
    // First, so that the numbers of the questions below mean what they mean there and nothing to some device.
    struct statfs system {};
    if (::fstatfs(descriptor, &system) != 0 || system.f_type != NSFS_MAGIC) return MonitorRefusal::notPidNamespace;
    if (::ioctl(descriptor, NS_GET_NSTYPE) != CLONE_NEWPID) return MonitorRefusal::notPidNamespace;
    // The kernel names a parent only while that is our own or below it, so this tells strict descent.
    const UniqueFd parent(::ioctl(descriptor, NS_GET_PARENT));
    if (!parent) return MonitorRefusal::notBelow;
    const UniqueFd owners(::ioctl(descriptor, NS_GET_USERNS));
    if (!owners) return MonitorRefusal::notYours;
    uid_t owner = static_cast<uid_t>(-1);
    if (::ioctl(owners.get(), NS_GET_OWNER_UID, &owner) != 0) return MonitorRefusal::notYours;
    if (peer == userWithoutNumber() || peer == static_cast<uid_t>(-1)) return MonitorRefusal::unknownUser;
    if (owner != peer) return MonitorRefusal::notYours;
    // Older kernels do not tell, and a session without processes only counts against its owner's limit.
    if (::ioctl(descriptor, NS_GET_PID_FROM_PIDNS, 1) < 0 && errno == ESRCH) return MonitorRefusal::dead;
    struct stat status {};
    // The system call itself: the C library asks by a path, which our filter does not let through.
    if (::syscall(SYS_fstat, descriptor, &status) != 0) return MonitorRefusal::notPidNamespace;
    return static_cast<std::uint32_t>(status.st_ino);
}

}  // namespace belljar::monitord
