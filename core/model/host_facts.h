// What this machine is like, as arguments: pure code asks here instead of asking the operating system.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ip_network.h"
#include "core/base/result.h"
#include "core/model/program_facts.h"

namespace belljar {

enum class FileType : std::uint8_t { missing, regular, directory, symlink, other };

/// Facts of one path without following a final symbolic link.
struct PathFacts {
    FileType type = FileType::missing;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t linkCount = 0;
    std::uint32_t ownerUid = 0;
    std::uint32_t mode = 0;  ///< Permission bits.
    std::string linkTarget;  ///< For symlinks, as readlink(2) gives it.
    int error = 0;           ///< errno of the look-up when it failed for another reason than "missing" (EACCES, ELOOP).
};

/// One line of /proc/self/mountinfo.
struct MountFacts {
    std::string mountPoint;
    std::string root;          ///< The path inside the file system that is mounted here.
    std::uint64_t device = 0;  ///< st_dev of its files.
    std::string fileSystem;
};

/// A system call by name.
struct SystemCallFacts {
    std::string name;
    bool native = true;  ///< Of this machine; others exist on other processors only.
    int closedWith = 0;  ///< Refused to every sandbox with this errno, whatever its arguments; 0: open.
};

/// What containments need to know of the operating system.
struct SystemFacts {
    std::string
        system;  ///< "linux", "windows", "macos": a value, not an #ifdef, so that plans for all are made anywhere.
    std::string kernel;  ///< uname release.
    std::string distribution;
    std::uint32_t uid = 0;
    std::string userName;
    std::string homePath;
    std::string currentPath;
    bool userNamespaces = false;       ///< A user namespace could really be made.
    std::string userNamespacesReason;  ///< Why not.
    bool seccompNotify = false;        ///< SECCOMP_RET_USER_NOTIF is in the kernel.
    int landlockAbi = 0;               ///< 0: none.
    bool echoes = false;               ///< Our user may send ICMP echo requests.
    bool pidsCgroupWritable = false;   ///< A pids controller in which we may make a group.
    bool memoryCgroupWritable = false;
    std::string bwrapPath;                 ///< Empty: not found.
    std::string bwrapVersion;              ///< e.g. "0.8.0".
    std::string shimPath;                  ///< belljar-shim beside our own program; empty: not found.
    std::string xephyrPath;                ///< Xephyr; empty: not found.
    std::string displayHelperPath;         ///< belljar-display beside our own program; empty: not found.
    std::string dbusProxyPath;             ///< xdg-dbus-proxy; empty: not found.
    std::string sessionBus;                ///< Address of the user's message bus; empty: none is in sight.
    std::string systemBus;                 ///< Of the system's.
    std::vector<std::string> environment;  ///< "KEY=VALUE" of our own process.
};

/// The file system and the system, asked through one door. Implementations: core/platform (real), tests (made up).
class HostFacts {
public:
    virtual ~HostFacts() = default;
    HostFacts(const HostFacts&) = delete;
    HostFacts& operator=(const HostFacts&) = delete;

    [[nodiscard]] virtual const SystemFacts& system() const = 0;
    [[nodiscard]] virtual PathFacts lstat(const std::string& path) const = 0;
    /// True when our own user may read (and write, if asked) the object.
    [[nodiscard]] virtual bool mayAccess(const std::string& path, bool write) const = 0;
    [[nodiscard]] virtual const std::vector<MountFacts>& mounts() const = 0;
    /// Names in a folder, without "." and "..", in no order; empty when it cannot be read.
    [[nodiscard]] virtual std::vector<std::string> list(const std::string& path) const = 0;

    /// Every system call that has a name, in no order; empty where nobody knows. Takes some milliseconds.
    [[nodiscard]] virtual std::vector<SystemCallFacts> systemCalls() const { return {}; }
    /// Those of them that are closed.
    [[nodiscard]] virtual std::vector<SystemCallFacts> closedSystemCalls() const { return {}; }

    /// Looks into a program file; `path` is canonical. With a hash it reads all of it.
    [[nodiscard]] virtual Result<ProgramFacts> program(const std::string& /*path*/, bool /*withHash*/) const
    {
        return Error{ErrorCode::backendError, "programs cannot be looked into on this system", {}, {}, {}};
    }

    /// Addresses of this machine's interfaces, as they are now; empty where nobody knows.
    [[nodiscard]] virtual std::vector<IpNetwork> ownAddresses() const { return {}; }

    /// Why the kernel cannot hand a sandbox's packets to the relay, a clause; empty: it can, or nobody knows. Tried out
    /// once after each start of the machine, and as long as there is an obstacle.
    [[nodiscard]] virtual std::string packetObstacle() const { return {}; }

    /// Folders that earlier sandboxes of this user could write: what stands in them may be planted. "/" when that is
    /// not known, i.e. any folder that the user may write.
    [[nodiscard]] virtual std::vector<std::string> formerlyWritable() const { return {}; }
    /// The folder in which that is remembered, which is made when it is not there; no sandbox may see it. Empty: none.
    [[nodiscard]] virtual std::string memoryFolder() const { return {}; }

protected:
    HostFacts() = default;
};

}  // namespace belljar
