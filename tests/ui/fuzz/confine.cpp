#include "tests/ui/fuzz/confine.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace belljar::test {
namespace {

/// As the kernel has it: <linux/mount.h> does not go together with <sys/mount.h> everywhere.
struct MountAttributes {
    std::uint64_t set = 0;
    std::uint64_t clear = 0;
    std::uint64_t propagation = 0;
    std::uint64_t userNamespace = 0;
};
constexpr std::uint64_t kReadOnly = 1;
constexpr unsigned kRecursive = 0x8000;  // AT_RECURSIVE
constexpr long kMountSetattr = 442;

std::string failed(const char* what)
{
    return std::string(what) + ": " + std::strerror(errno);
}

bool setMounts(const char* path, unsigned flags, std::uint64_t set, std::uint64_t clear)
{
    MountAttributes attributes;
    attributes.set = set;
    attributes.clear = clear;
    return ::syscall(kMountSetattr, AT_FDCWD, path, flags, &attributes, sizeof attributes) == 0;
}

bool writeTo(const char* path, const std::string& text)
{
    std::ofstream file(path);
    file << text << std::flush;
    return file.good();
}

std::string newNamespaces()
{
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    const int ofUser = user == 0 ? 0 : CLONE_NEWUSER;
    if (::unshare(ofUser | CLONE_NEWNS | CLONE_NEWNET) != 0) return failed("no namespaces");
    if (user == 0) return {};
    const bool mapped = writeTo("/proc/self/setgroups", "deny") &&
                        writeTo("/proc/self/uid_map", std::to_string(user) + " " + std::to_string(user) + " 1") &&
                        writeTo("/proc/self/gid_map", std::to_string(group) + " " + std::to_string(group) + " 1");
    return mapped ? std::string() : failed("no user namespace");
}

}  // namespace

std::string confineTo(const std::string& folder)
{
    if (std::string why = newNamespaces(); !why.empty()) return why;
    const char* const at = folder.c_str();
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return failed("mounts stay shared");
    if (::mount(at, at, nullptr, MS_BIND, nullptr) != 0) return failed("the folder cannot be mounted");
    if (!setMounts("/", kRecursive, kReadOnly, 0)) return failed("mounts cannot be made read-only");
    // Sessions write maps of user namespaces there, which is no file of anybody's.
    for (const char* writable : {at, "/proc"})
        if (!setMounts(writable, 0, 0, kReadOnly)) return failed("the folder stays read-only");
    for (const char* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME",
                             "XDG_RUNTIME_DIR", "TMPDIR"}) {
        const std::string place = folder + "/" + name;
        if (::mkdir(place.c_str(), 0700) != 0 && errno != EEXIST) return failed("no folder for settings");
        ::setenv(name, place.c_str(), 1);  // NOLINT: there is one thread
    }
    if (::chdir(at) != 0) return failed("the folder cannot be entered");
    return {};
}

}  // namespace belljar::test
