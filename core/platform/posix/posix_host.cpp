#include "core/platform/posix/posix_host.h"

#include <dirent.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "core/platform/posix/user_entry.h"

#include "core/platform/posix/writable_memory.h"

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace belljar {
namespace {

FileType typeOf(mode_t mode)
{
    if (S_ISREG(mode)) return FileType::regular;
    if (S_ISDIR(mode)) return FileType::directory;
    if (S_ISLNK(mode)) return FileType::symlink;
    return FileType::other;
}

/// The environment's word first.
void identify(SystemFacts& system)
{
    const char* home = std::getenv("HOME");  // NOLINT: before threads
    const char* name = std::getenv("USER");  // NOLINT
    if (home != nullptr && *home == '/') system.homePath = home;
    if (name != nullptr) system.userName = name;
    if (!system.homePath.empty() && !system.userName.empty()) return;
    UserEntry entry = userEntry(system.uid);
    if (system.userName.empty()) system.userName = std::move(entry.name);
    if (system.homePath.empty()) system.homePath = std::move(entry.home);
}

}  // namespace

PosixHost::PosixHost()
{
    utsname name{};
    if (::uname(&name) == 0) m_system.kernel = name.release;
    m_system.uid = ::geteuid();
    identify(m_system);
    std::array<char, PATH_MAX> folder{};
    if (::getcwd(folder.data(), folder.size()) != nullptr) m_system.currentPath = folder.data();
    for (char** entry = environ; *entry != nullptr; ++entry) m_system.environment.emplace_back(*entry);
}

PathFacts PosixHost::lstat(const std::string& path) const
{
    PathFacts facts;
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) {
        if (errno != ENOENT && errno != ENOTDIR) facts.error = errno;
        return facts;
    }
    facts.type = typeOf(info.st_mode);
    facts.device = static_cast<std::uint64_t>(info.st_dev);
    facts.inode = static_cast<std::uint64_t>(info.st_ino);
    facts.linkCount = static_cast<std::uint64_t>(info.st_nlink);
    facts.ownerUid = info.st_uid;
    facts.mode = static_cast<std::uint32_t>(info.st_mode) & 07777U;
    if (facts.type == FileType::symlink) {
        std::array<char, PATH_MAX> target{};
        const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
        if (length > 0) facts.linkTarget.assign(target.data(), static_cast<std::size_t>(length));
    }
    return facts;
}

bool PosixHost::mayAccess(const std::string& path, bool write) const
{
    return ::access(path.c_str(), write ? R_OK | W_OK : R_OK) == 0;
}

std::vector<std::string> PosixHost::list(const std::string& path) const
{
    std::vector<std::string> names;
    DIR* folder = ::opendir(path.c_str());
    if (folder == nullptr) return names;
    while (const dirent* entry = ::readdir(folder)) {  // NOLINT: each call has its own DIR
        const std::string name = entry->d_name;
        if (name != "." && name != "..") names.push_back(name);
    }
    ::closedir(folder);
    return names;
}

std::vector<IpNetwork> PosixHost::ownAddresses() const
{
    std::vector<IpNetwork> addresses;
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return addresses;
    for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
        if (entry->ifa_addr == nullptr) continue;
        IpNetwork address;
        if (entry->ifa_addr->sa_family == AF_INET) {
            sockaddr_in own{};
            std::memcpy(&own, entry->ifa_addr, sizeof own);
            std::memcpy(address.address.data(), &own.sin_addr, sizeof own.sin_addr);
        } else if (entry->ifa_addr->sa_family == AF_INET6) {
            sockaddr_in6 own{};
            std::memcpy(&own, entry->ifa_addr, sizeof own);
            std::memcpy(address.address.data(), &own.sin6_addr, sizeof own.sin6_addr);
            address.isIpv6 = true;
        } else {
            continue;
        }
        address.prefix = address.bits();
        addresses.push_back(address);
    }
    ::freeifaddrs(list);
    return addresses;
}

std::vector<std::string> PosixHost::formerlyWritable() const
{
    return WritableMemory::ofUser().load();
}

std::string PosixHost::memoryFolder() const
{
    return WritableMemory::ofUser().folder();
}

}  // namespace belljar
