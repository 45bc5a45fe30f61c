#include "core/platform/posix/posix_host.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "core/platform/platform.h"

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

/// "name:x:uid:gid:text:home:shell": takes name and home where they are missing still.
void takeEntry(std::string_view line, SystemFacts& system)
{
    std::vector<std::string_view> fields;
    for (std::size_t begin = 0; begin <= line.size();) {
        const std::size_t end = std::min(line.find(':', begin), line.size());
        fields.push_back(line.substr(begin, end - begin));
        begin = end + 1;
    }
    if (fields.size() < 6 || fields[2] != std::to_string(system.uid)) return;
    if (system.userName.empty()) system.userName = fields[0];
    if (system.homePath.empty()) system.homePath = fields[5];
}

void takeEntries(std::string_view text, SystemFacts& system)
{
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        takeEntry(text.substr(begin, end - begin), system);
        begin = end + 1;
    }
}

/// Users that stand in no file of this machine: a program of the system knows them.
std::string askUserDatabase(std::uint32_t uid)
{
    std::string answer;
    // A number is all of it that comes from outside.
    std::FILE* program = ::popen(("exec /usr/bin/getent passwd " + std::to_string(uid)).c_str(), "re");  // NOLINT
    if (program == nullptr) return answer;
    std::array<char, 1024> part{};
    while (const std::size_t length = std::fread(part.data(), 1, part.size(), program))
        answer.append(part.data(), length);
    ::pclose(program);
    return answer;
}

/// The environment's word first, then the file. getpwuid(3) would load name-service libraries: 1 ms at every start, and
/// not to be had in a program that loads none.
void identify(SystemFacts& system)
{
    const char* home = std::getenv("HOME");  // NOLINT: before threads
    const char* name = std::getenv("USER");  // NOLINT
    if (home != nullptr && *home == '/') system.homePath = home;
    if (name != nullptr) system.userName = name;
    if (!system.homePath.empty() && !system.userName.empty()) return;
    constexpr std::size_t kUserFile = 16U << 20U;
    if (const Result<std::string> users = readFile("/etc/passwd", kUserFile)) takeEntries(*users, system);
    if (system.homePath.empty()) takeEntries(askUserDatabase(system.uid), system);
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

std::vector<std::string> PosixHost::formerlyWritable() const
{
    return WritableMemory::ofUser().load();
}

std::string PosixHost::memoryFolder() const
{
    return WritableMemory::ofUser().folder();
}

}  // namespace belljar
